// @bun
var rt=["urgent","normal","low"],de=["task","question","status","review"],Ko=["channel","wake","turn","pull"];var Ho=["queued","handed","seen","replied","expired","refused","quarantined"],Vo=16;
export{rt,de,Ko,Ho,Vo};
