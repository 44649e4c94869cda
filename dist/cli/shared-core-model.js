// @bun
var Ve=["urgent","normal","low"],ae=["task","question","status","review"],Eo=["channel","wake","turn","pull"];var To=["queued","handed","seen","replied","expired","refused","quarantined"],Mo=16;
export{Ve,ae,Eo,To,Mo};
