// @bun
var Ge=["urgent","normal","low"],ae=["task","question","status","review"],Po=["channel","wake","turn","pull"];var Oo=["queued","handed","seen","replied","expired","refused","quarantined"],Eo=16;
export{Ge,ae,Po,Oo,Eo};
