// @bun
var Ve=["urgent","normal","low"],ae=["task","question","status","review"],So=["channel","wake","turn","pull"];var Po=["queued","handed","seen","replied","expired","refused","quarantined"],Oo=16;
export{Ve,ae,So,Po,Oo};
