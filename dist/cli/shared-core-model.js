// @bun
var He=["urgent","normal","low"],se=["task","question","status","review"],xo=["channel","wake","turn","pull"];var ko=["queued","handed","seen","replied","expired","refused","quarantined"],_o=16;
export{He,se,xo,ko,_o};
