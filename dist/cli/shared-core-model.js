// @bun
var nt=["urgent","normal","low"],ue=["task","question","status","review"],Uo=["channel","wake","turn","pull"];var Wo=["queued","handed","seen","replied","expired","refused","quarantined"],Jo=16;
export{nt,ue,Uo,Wo,Jo};
