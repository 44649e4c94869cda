// @bun
function Je({interrupted:o,heard:e}){let n=!1;return{when:o().then(()=>{n=!0}),get now(){return n||!e()}}}function _r({clock:o},e){return Promise.race([o.sleep(250),e.when])}async function pn({terminal:o,bus:e,stop:n,atLeastEveryMs:s},i){let{clock:t}=o;for(let r=Number.NEGATIVE_INFINITY;!n.now;){if(e.changed()||t.now()-r>=s||t.now()<r){if(r=t.now(),!await i())return}await _r(o,n)}}
export{Je,_r,pn};
