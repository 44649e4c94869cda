// @bun
var Qe=["urgent","normal","low"],le=["task","question","status","review"],Ao=["channel","wake","turn","pull"];var jo=["queued","handed","seen","replied","expired","refused","quarantined"],Io=16;
export{Qe,le,Ao,jo,Io};
