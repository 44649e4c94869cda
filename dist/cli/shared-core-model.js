// @bun
var Qe=["urgent","normal","low"],le=["task","question","status","review"],jo=["channel","wake","turn","pull"];var Io=["queued","handed","seen","replied","expired","refused","quarantined"],Ro=16;
export{Qe,le,jo,Io,Ro};
