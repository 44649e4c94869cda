// @bun
var Xe=["urgent","normal","low"],le=["task","question","status","review"],Mo=["channel","wake","turn","pull"];var Ao=["queued","handed","seen","replied","expired","refused","quarantined"],Io=16;
export{Xe,le,Mo,Ao,Io};
