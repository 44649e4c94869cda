// @bun
var rt=["urgent","normal","low"],ue=["task","question","status","review"],Bo=["channel","wake","turn","pull"];var Uo=["queued","handed","seen","replied","expired","refused","quarantined"],Wo=16;
export{rt,ue,Bo,Uo,Wo};
