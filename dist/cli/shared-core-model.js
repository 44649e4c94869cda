// @bun
var Ve=["urgent","normal","low"],ae=["task","question","status","review"],Oo=["channel","wake","turn","pull"];var Eo=["queued","handed","seen","replied","expired","refused","quarantined"],To=16;
export{Ve,ae,Oo,Eo,To};
