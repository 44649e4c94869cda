// @bun
var Xe=["urgent","normal","low"],le=["task","question","status","review"],Eo=["channel","wake","turn","pull"];var To=["queued","handed","seen","replied","expired","refused","quarantined"],Mo=16;
export{Xe,le,Eo,To,Mo};
