// @bun
var Ge=["urgent","normal","low"],ce=["task","question","status","review"],To=["channel","wake","turn","pull"];var Mo=["queued","handed","seen","replied","expired","refused","quarantined"],Ao=16;
export{Ge,ce,To,Mo,Ao};
