// @bun
var Qe=["urgent","normal","low"],le=["task","question","status","review"],Mo=["channel","wake","turn","pull"];var Ao=["queued","handed","seen","replied","expired","refused","quarantined"],jo=16;
export{Qe,le,Mo,Ao,jo};
