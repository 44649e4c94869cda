// @bun
var He=["urgent","normal","low"],ie=["task","question","status","review"],Eo=["channel","wake","turn","pull"];var To=["queued","handed","seen","replied","expired","refused","quarantined"],Mo=16;
export{He,ie,Eo,To,Mo};
