// @bun
var nt=["urgent","normal","low"],ue=["task","question","status","review"],Bo=["channel","wake","turn","pull"];var Uo=["queued","handed","seen","replied","expired","refused","quarantined"],Wo=16;
export{nt,ue,Bo,Uo,Wo};
