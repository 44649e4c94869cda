// @bun
import{readFileSync as Ve}from"fs";import{constants as P,Database as R}from"bun:sqlite";import{closeSync as oe,openSync as se,readSync as ie,statSync as ae}from"fs";import{pathToFileURL as le}from"url";function h(e){try{return ae(e),!0}catch(t){return!["ENOENT","ENOTDIR"].includes(t.code??"")}}function D(e,t){if(t||!ue(e))return new R(e,{readonly:!0,strict:!0});let n=P.SQLITE_OPEN_READONLY|P.SQLITE_OPEN_URI;return new R(`${le(e).href}?immutable=1`,n)}function ue(e){let t=se(e,"r");try{let n=Buffer.alloc(20);return ie(t,n,0,n.length,0),n[18]===2}catch{return!1}finally{oe(t)}}function q(e){return be(fe(e).replace(/\s+/gu," ")).trim()}var ce=/\r\n?|[\n\u0085\u2028\u2029]/;function v(e){let t=e.split(ce).flatMap((n)=>n.trim()||[]);return q(t.join(" \u23CE "))}var de=/(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]P^_X]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]?/g,pe=/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,me=/[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;function fe(e){return e.toWellFormed().replace(/\r\n?|[\u0085\u2028\u2029]/g,`
`).replace(de,"").replace(pe,"").replace(me,"")}var ge=/[<\uff1c\ufe64\u02c2\u1438\u2039\u2329\u276c\u276e\u27e8\u3008]/gu,ye=new RegExp(`^(?:${["channel","system[-_\\s]*(?:reminder|notification)","(?:task|teammate|cross[-_\\s]*session)[-_\\s]*(?:notification|message)","cc[-_\\s]*dm","antml","function[-_\\s]*(?:calls?|results?)","invoke","tool[-_\\s]*(?:use|result|call)s?","user[-_\\s]*prompt[-_\\s]*submit[-_\\s]*hook","(?:local[-_\\s]*)?command[-_\\s]*(?:name|message|args|contents|std(?:out|err))","system","user","human","assistant"].join("|")})(?![\\p{L}\\p{N}])`,"iu"),_=/[\s/\p{Default_Ignorable_Code_Point}]*/uy,I=/(?:[^<\uff1c\ufe64\u02c2\u1438\u2039\u2329\u276c\u276e\u27e8\u3008\p{Default_Ignorable_Code_Point}]\p{Default_Ignorable_Code_Point}*){0,80}/uy;function be(e){return e.replace(ge,(t,n)=>(_.lastIndex=n+1,_.test(e),I.lastIndex=_.lastIndex,ye.test(xe(I.exec(e)?.[0]??""))?"&lt;":t))}function xe(e){return e.replace(/\p{Default_Ignorable_Code_Point}/gu,"").normalize("NFKC")}function O(e){return{id:e.id,publicKey:e.public_key,name:e.name,role:e.role,project:e.project,startName:e.start_name,startRole:e.start_role,mailbox:e.mailbox,place:{machine:e.machine,boot:e.boot,pidSpace:e.pid_space},server:{pid:e.server_pid,start:e.server_start},client:{pid:e.client_pid,start:e.client_start},clientSession:e.client_session,cwd:e.cwd,repo:e.repo,branch:e.branch,listed:e.listed===1,bell:e.bell,startedAt:e.started_at,beatAt:e.beat_at,beatUp:e.beat_up,closedAt:e.closed_at,hooksAt:e.hooks_at,version:e.version,givesTranscript:e.gives_transcript===null?null:e.gives_transcript===1,condition:he(e)}}function he(e){if(e.reach===null)return null;return{activity:e.activity===null?null:{state:e.activity,since:e.activity_since??0,on:e.activity_on},reach:e.reach,quietUntil:e.quiet_until}}var A=`s.*, (select hooks_at from client c where c.boot = s.boot and c.pid_space = s.pid_space
  and c.pid = s.client_pid and c.start = s.client_start) as hooks_at`,N=`select count(*) as n from delivery indexed by delivery_open
  where open = 1 and mailbox in (select mailbox from session where person = 1)`;class p extends Error{name="DmError";code;candidates;constructor(e,t,n={}){super(t,n.cause===void 0?{}:{cause:n.cause});this.code=e,this.candidates=n.candidates}}var C="Restart this session (/exit, then claude --continue); if that does not help, update the plugin first: claude plugin update cc-dm@cc-dm-marketplace.";var g=[`
  create table mailbox (
    id integer primary key,
    name text not null,
    project text not null default '',
    folder text not null,
    holder text,
    archived_at integer
  ) strict;
  -- One open mailbox per address; an archived one keeps its history and gives the address free.
  create unique index mailbox_address on mailbox(name, project) where archived_at is null;

  create table session (
    id text primary key,
    public_key text not null,
    name text not null,
    role text not null,
    project text,
    start_name text,
    start_role text not null,
    mailbox integer not null references mailbox(id),
    machine text not null,
    boot text not null,
    pid_space text not null,
    server_pid integer not null,
    server_start text not null,
    client_pid integer not null,
    client_start text not null,
    client_session text,
    cwd text not null,
    repo text,
    branch text,
    listed integer not null,
    bell text,
    started_at integer not null,
    beat_at integer not null,
    beat_up integer not null,
    closed_at integer
  ) strict;
  -- Two sessions that claim one name in the same millisecond: the index lets one through.
  create unique index session_live_name on session(name) where closed_at is null;
  create index session_client on session(client_session);

  -- Every name a session has had: a message shows the name of its time.
  create table session_name (
    session text not null references session(id) on delete cascade,
    name text not null,
    primary key (session, name)
  ) strict, without rowid;

  create table client (
    boot text not null,
    pid_space text not null,
    pid integer not null,
    start text not null,
    session_id text,
    transcript text,
    hooks_at integer not null,
    primary key (boot, pid_space, pid, start)
  ) strict, without rowid;

  create table message (
    seq integer primary key autoincrement,
    id text not null unique,
    kind text not null,
    from_id text not null,
    from_name text not null,
    from_role text not null,
    from_project text,
    from_mailbox integer not null,
    recipients text not null,
    body text not null,
    priority text,
    type text,
    thread_id text,
    in_reply_to text,
    hops integer not null,
    rule text not null,
    sent_at integer not null,
    ttl_ms integer not null,
    sent_up integer not null,
    boot text not null,
    public_key text not null,
    signature text not null
  ) strict;
  create index message_sent on message(from_mailbox, seq);

  create table delivery (
    message integer not null references message(seq) on delete cascade,
    addressed integer not null,
    mailbox integer not null,
    name text not null,
    state text not null,
    open integer not null,
    expires_at integer not null,
    path text,
    token text,
    session text,
    offers integer not null default 0,
    handed_at integer,
    seen_at integer,
    evidence text,
    primary key (message, addressed)
  ) strict, without rowid;
  create index delivery_mailbox on delivery(mailbox, message);
  -- Cost must not grow with history: what waits has an index of its own, which also tells what is due
  -- to expire without a look into the table. (Every further index is a page written per message.)
  create index delivery_open on delivery(mailbox, message, expires_at) where open = 1;

  create table filter (
    mailbox integer not null,
    kind text not null,
    name text not null,
    primary key (mailbox, kind, name)
  ) strict, without rowid;

  create table lease (
    name text primary key,
    holder text not null,
    until_at integer not null,
    until_up integer not null,
    boot text not null
  ) strict, without rowid;

  -- Filled when somebody searches, not when somebody sends.
  create virtual table message_text using fts5(
    body, content='message', content_rowid='seq', tokenize='unicode61 remove_diacritics 2'
  );
  `,`
  alter table session add column version text not null default '0.1.0';
  alter table session add column reach text;
  alter table session add column activity text;
  alter table session add column activity_since integer;
  alter table session add column activity_on text;
  alter table session add column quiet_until integer;
  -- Until when its model was told who came and went.
  alter table session add column told_at integer not null default 0;

  -- Numbers of mailboxes are never used twice: mail signed for one that was merged into another must
  -- not look like mail for a newcomer. (Its one row is deleted again; the sequence stays.)
  create table mailbox_id (id integer primary key autoincrement) strict;
  insert into mailbox_id (id) select max(
    1,
    coalesce((select max(id) from mailbox), 0),
    coalesce((select max(addressed) from delivery), 0),
    coalesce((select max(from_mailbox) from message), 0)
  );
  delete from mailbox_id;

  -- Where a mailbox went that was merged into another: what is on its way to it follows, in order.
  create table moved (old integer primary key, new integer not null) strict;

  -- A sender that wants to hear of a delivery, once.
  create table watch (
    message integer not null,
    addressed integer not null,
    kind text not null,
    mailbox integer not null,
    primary key (mailbox, message, addressed)
  ) strict, without rowid;
  `,`
  create table permission_request (
    id text primary key,
    letters text not null,
    session text not null,
    name text not null,
    role text not null,
    project text,
    cwd text not null,
    branch text,
    tool text not null,
    description text not null,
    input text not null,
    asked_at integer not null,
    asked text not null,
    public_key text not null,
    signature text not null,
    state text not null,
    settled_by text,
    behavior text,
    reason text,
    settled_at integer
  ) strict, without rowid;
  create index permission_request_open on permission_request(session) where state = 'open';

  -- As many as were given, refused ones too.
  create table verdict (
    request text not null,
    decider text not null,
    public_key text not null,
    behavior text not null,
    reason text,
    remember integer not null,
    at integer not null,
    signature text not null,
    seen integer not null,
    refused text
  ) strict;
  create index verdict_new on verdict(request) where seen = 0;

  create table audit (
    seq integer primary key autoincrement,
    at integer not null,
    request text not null,
    kind text not null,
    who text not null,
    detail text not null
  ) strict;
  create index message_thread on message(thread_id) where kind = 'request';
  `,`
  -- A thread, and what answers a message. Mail without either pays nothing for them. (What asks for the mail
  -- of a permission request uses the first too.)
  drop index message_thread;
  create index message_thread on message(thread_id) where thread_id is not null;
  create index message_answers on message(in_reply_to) where in_reply_to is not null;
  `,`
  -- The person of this machine: writes and reads mail, and is never on the roster.
  alter table session add column person integer not null default 0;

  -- What a command that runs inside a client asks that client's server to do in the session's name.
  create table errand (
    id text primary key,
    session text not null,
    pid integer not null,
    pid_start text not null,
    tool text not null,
    arguments text not null,
    asked_at integer not null,
    answer text
  ) strict, without rowid;
  create index errand_open on errand(session) where answer is null;
  `,`
  -- Whether others may read the conversation; null: a server that does not know of it.
  alter table session add column gives_transcript integer;
  `,`
  -- Counted for everybody who asks who is there; without it a walk over the mailbox's whole history.
  create index delivery_quarantined on delivery(mailbox) where state = 'quarantined';
  `,`
  -- Of the very first builds: files in which step 2 had no such table yet (nothing could be sent there), and
  -- step 1 had other indexes, which cost a page per message.
  create table if not exists moved (old integer primary key, new integer not null) strict;
  drop index if exists message_sender;
  drop index if exists delivery_expiry;
  drop index delivery_open;
  create index delivery_open on delivery(mailbox, message, expires_at) where open = 1;
  `];function j(e){if(!L(e))return 0;if(e.query("select 1 from sqlite_master where name = 'schema_step'").get()===null)return k(e);return e.query("select max(steps) as steps from schema_step").get()?.steps??0}function _e(e){let t=k(e);return t>0&&L(e)?t:0}function T(e,t=e.filename){if(k(e)<=g.length)return;let n=_e(e);if(n<=g.length)return;throw new p("bus_newer",`${t} was written by a newer cc-dm (schema ${n}; this one knows ${g.length}). Nothing was touched, and what waits there is kept. ${C}`)}function k(e){return e.query("pragma user_version").get()?.user_version??0}function L(e){return e.query("select 1 from sqlite_master where name = 'delivery'").get()!==null}function F(e,t){if(!h(e))return null;let n=D(e,h(`${e}-shm`));try{return n.run("pragma busy_timeout = 0"),T(n,e),j(n)===0?null:t(ve(n))}finally{n.close()}}function ve(e){return{sessions:e.query(`select ${A} from session s where s.closed_at is null`).all().map(O),unread:({mailbox:t,id:n})=>W(e,ke,t,n),forPerson:we(e)?W(e,N):0,asking:e.query("select session from permission_request where state = 'open'").all().map((t)=>t.session)}}var ke=`select count(*) as n from delivery d indexed by delivery_open
  where d.mailbox = ?1 and d.open = 1 and (d.state = 'queued' or d.session is not ?2)`;function W(e,t,...n){return e.query(t).get(...n)?.n??0}function we(e){return e.query("select 1 from pragma_table_info('session') where name = 'person'").get()!==null}import{isAbsolute as Me,join as m}from"path";function B(e){let t=w(e,"CC_DM_HOME"),n=w(e,"HOME")??w(e,"USERPROFILE");if(t===void 0&&n===void 0)throw new p("bad_setting","Neither CC_DM_HOME nor HOME is set; set CC_DM_HOME to an absolute path.");let r=t===void 0?m(n??"",".cc-dm"):t.replace(/^~(?=\/|$)/,n??"~");if(!Me(r))throw new p("bad_setting",`CC_DM_HOME is ${JSON.stringify(t)}; it must be an absolute path, such as ~/.cc-dm.`);return{folder:r,bus:m(r,"bus.db"),config:m(r,"config.json"),clients:m(r,"clients"),bells:m(r,"bells")}}function w(e,t){let n=e[t]?.trim();return n===void 0||n===""||/^\$\{[^}]*\}$/.test(n)?void 0:n}import{readFileSync as Ee,readlinkSync as Dt}from"fs";var Se=(...e)=>process.getBuiltinModule("node:child_process").spawnSync(...e);function Pe(e){if(process.platform==="linux")return Re(e);if(!U(e))return null;if(process.platform==="win32")return"?";return M(e,"lstart=")}function y(e,t=!1){if(e.pid<=1)return!1;if(e.start==="?"||t&&process.platform!=="linux")return U(e.pid);return Pe(e.pid)===e.start}function M(e,t){return Se("ps",["-o",t,"-p",String(e)],{encoding:"utf8",timeout:2000}).stdout?.trim()||null}function Re(e){let t=S(e);if(t===null||t[0]==="Z"||t[0]==="X")return null;return t[19]??null}function S(e){try{let t=Ee(`/proc/${e}/stat`,"utf8");return t.slice(t.lastIndexOf(")")+2).split(" ")}catch{return null}}function U(e){try{return process.kill(e,0),!0}catch(t){return t.code==="EPERM"}}function De(e){let t=[];for(let n=e;n>0;){let r=Ie(n);if(r===null||t.some((o)=>o.pid===n))return null;t.push(r),n=r.parent}return t.length>0?t:null}function K(e){return(De(e)??[]).slice(1).flatMap((t)=>t.pid>1?t.pid:[])}function Ie(e){if(process.platform==="linux")return $e(e);return process.platform==="win32"?null:Oe(e)}function $e(e){let t=S(e);if(t===null)return qe(e)?{pid:e,parent:0,terminal:"",leads:!1}:null;let[,n,,r,o="0"]=t;return{pid:e,parent:Number(n),terminal:o==="0"?"":o,leads:Number(r)===e}}function qe(e){try{return process.kill(e,0),!1}catch(t){return t.code==="EPERM"}}function Oe(e){let[t,n="",r=""]=(M(e,"ppid=,tty=,stat=")??"").split(/\s+/);if(!t)return null;return{pid:e,parent:Number(t),terminal:/^[?-]/.test(n)?"":n,leads:r.includes("s")}}import{readFileSync as Ne,readlinkSync as Ce}from"fs";import{hostname as je}from"os";var Ae=(...e)=>process.getBuiltinModule("node:child_process").spawnSync(...e);function H(){return{machine:je(),boot:Le("/proc/sys/kernel/random/boot_id")??Te()??"?",pidSpace:We("/proc/self/ns/pid")??"?"}}function E(e,t){return e.boot===t.boot&&e.pidSpace===t.pidSpace&&(e.boot!=="?"||e.machine===t.machine)}function Te(){if(process.platform!=="darwin")return null;return Ae("sysctl",["-n","kern.bootsessionuuid"],{encoding:"utf8",timeout:2000}).stdout?.trim()||null}function Le(e){try{return Ne(e,"utf8").trim()||null}catch{return null}}function We(e){try{return Ce(e)}catch{return null}}import{uptime as Fe}from"os";var G={now:()=>Date.now(),up:()=>Math.round(Fe()*1000),block:(e)=>void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0,e),sleep:(e)=>new Promise((t)=>setTimeout(t,e)),soon:(e)=>void setImmediate(e),every(e,t){let n=setInterval(t,e);return()=>clearInterval(n)}};function J(e,t,n){if(t.at-e.at<n)return!1;return e.boot!==t.boot||t.up-e.up>=n}var z=60000,Be=300000;function Q(e,{place:t,clock:n,sharesPids:r,isRunning:o}){let a={at:e.beatAt,up:e.beatUp,boot:e.place.boot},l={at:n.now(),up:n.up(),boot:t.boot},c=(d)=>J(a,l,d);if(r(e.place,t)){let d=c(z);if(o(e.server,!d))return d?"away":e.condition?.activity?.state??"live";return e.hooksAt!==null&&o(e.client)?"deaf":"gone"}if(e.place.machine===t.machine&&e.place.boot!==t.boot||c(Be))return"gone";return c(z)?"away":e.condition?.activity?.state??"live"}var Ue=new Intl.Segmenter;function b(e,t){if(t<=0)return"";if(Bun.stringWidth(e)<=t)return e;let n="",r=1;for(let{segment:o}of Ue.segment(e.slice(0,8*t+64))){if(r+=Bun.stringWidth(o),r>t)break;n+=o}return`${n}\u2026`}var Ke=24,He={dim:2,cyan:36,yellow:33};function X({name:e,project:t,peers:n,unread:r,forPerson:o,asking:a,deaf:l},{colour:c}){let s=(i,f)=>c?`\x1B[${He[i]}m${f}\x1B[0m`:f,d=[Z(e),t===null?"":s("dim",Z(t)),n===0?"":s("dim",`${n} ${n===1?"peer":"peers"}`),Ge(r,o,(i)=>s("cyan",i)),Je(a,l,(i)=>s("yellow",i))];return`${s("dim","[")}${d.filter((i)=>i!=="").join(s("dim"," \xB7 "))}${s("dim","]")}`}function Ge(e,t,n){let r=t===0?"":`you:${t}`;if(e===0)return r===""?"":n(`\u2709 ${r}`);return n([`\u2709${e}`,r].filter(Boolean).join(" "))}function Je(e,t,n){let r=[e===0?"":`\u26A0${e}`,t?"\u26A0 server gone":""].filter(Boolean).join(" ");return r===""?"":n(r)}function Z(e){return b(v(e),Ke)}function Y(e){let t=ze(e);return t===null?"":X(t,{colour:(e.env.NO_COLOR??"")===""})}function ze(e){try{return Qe(e)}catch{return null}}function Qe({input:e,env:t,clock:n,pid:r}){let o=Ze(e),a=H();return F(B(t).bus,({sessions:l,unread:c,forPerson:s,asking:d})=>{let i=Ye(l,{clientSession:o,place:a,pids:Xe(t,r)});if(i===null)return null;let f=(u)=>y(u,!0),ee=(u)=>Q(u,{place:a,clock:n,sharesPids:E,isRunning:f}),x=new Map(l.map((u)=>[u.id,ee(u)]).filter(([,u])=>u!=="gone")),te=({id:u,listed:ne,project:re})=>u!==i.id&&ne&&x.has(u)&&(i.project===null||re===i.project);return{name:i.name,project:i.project,peers:l.filter(te).length,unread:c(i),forPerson:s,asking:d.filter((u)=>x.has(u)).length,deaf:x.get(i.id)==="deaf"}})}function Ze(e){let{session_id:t}=JSON.parse(e);return typeof t==="string"?t:null}function Xe({CLAUDE_PID:e},t){let n=Number(e);return Number.isInteger(n)&&n>1?[n]:K(t).slice(0,4)}function Ye(e,{clientSession:t,place:n,pids:r}){let o=e.filter((s)=>E(s.place,n)),a=o.filter(({client:s})=>r.includes(s.pid)&&y(s,!0)),[l]=a;if(a.length===1&&l!==void 0)return l;return(a.length>0?a:o).find((s)=>t!==null&&s.clientSession===t)??null}async function V({words:e,out:t,...n}){let r=await Bun.stdin.text().catch(()=>""),o=et(e),a=o===null?null:tt(o,r,n.env),l=Y({...n,input:r});await t(nt(await a??"",l))}function et(e){let t=e[e.indexOf("--before")+1];if(!e.includes("--before")||t===void 0)return null;try{let{command:n}=JSON.parse(Ve(t,"utf8"));return typeof n==="string"?n:null}catch{return null}}async function tt(e,t,n){try{let r=Bun.spawn(["sh","-c",e],{env:{...n},stdin:Buffer.from(t),stdout:"pipe",stderr:"inherit"}),o=()=>r.kill();for(let l of["SIGTERM","SIGINT","SIGHUP"])process.once(l,o);let a=await r.stdout.text();return await r.exited===0?a:""}catch{return""}}function nt(e,t){if(t==="")return e;let n=e.replace(/\s+$/,"");if(n==="")return`${t}
`;return`${n}${n.includes("\x1B[")?"\x1B[0m":""} ${t}
`}await V({words:process.argv.slice(2),env:process.env,clock:G,pid:process.pid,out:(e)=>Bun.write(Bun.stdout,e).catch(()=>0)});
