// @bun
import{G}from"./shared-core-neutral.js";import{Zo,t,Rn}from"./shared-core-clock.js";import{Ko,Ho}from"./shared-core-model.js";import{constants as c,Database as m}from"bun:sqlite";import{closeSync as x,openSync as h,readSync as _,statSync as b}from"fs";import{pathToFileURL as f}from"url";function Qe(e){try{return b(e),!0}catch(n){return!["ENOENT","ENOTDIR"].includes(n.code??"")}}function On(e,n){if(n||!y(e))return new m(e,{readonly:!0,strict:!0});let r=c.SQLITE_OPEN_READONLY|c.SQLITE_OPEN_URI;return new m(`${f(e).href}?immutable=1`,r)}function rr(e){try{e.fileControl(c.SQLITE_FCNTL_PERSIST_WAL,1)}finally{e.close()}}function y(e){let n=h(e,"r");try{let r=Buffer.alloc(20);return _(n,r,0,r.length,0),r[18]===2}catch{return!1}finally{x(n)}}var ie=[`
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
  `],Mo=3;function Ie(e){if(!p(e))return 0;if(e.query("select 1 from sqlite_master where name = 'schema_step'").get()===null)return d(e);return e.query("select max(steps) as steps from schema_step").get()?.steps??0}function Ao(e,n,r){e.run("create table if not exists schema_step (steps integer primary key) strict"),e.run(`insert or ignore into schema_step (steps) values (${n})`),e.run(`pragma user_version = ${r}`)}function Ir(e){let n=d(e);return n>0&&p(e)?n:0}function V(e,n=e.filename){if(d(e)<=ie.length)return;let r=Ir(e);if(r<=ie.length)return;throw new t("bus_newer",`${n} was written by a newer cc-dm (schema ${r}; this one knows ${ie.length}). Nothing was touched, and what waits there is kept. ${Rn}`)}function d(e){return e.query("pragma user_version").get()?.user_version??0}function p(e){return e.query("select 1 from sqlite_master where name = 'delivery'").get()!==null}function D(e){return{id:e.id,publicKey:e.public_key,name:e.name,role:e.role,project:e.project,startName:e.start_name,startRole:e.start_role,mailbox:e.mailbox,place:{machine:e.machine,boot:e.boot,pidSpace:e.pid_space},server:{pid:e.server_pid,start:e.server_start},client:{pid:e.client_pid,start:e.client_start},clientSession:e.client_session,cwd:e.cwd,repo:e.repo,branch:e.branch,listed:e.listed===1,bell:e.bell,startedAt:e.started_at,beatAt:e.beat_at,beatUp:e.beat_up,closedAt:e.closed_at,hooksAt:e.hooks_at,version:e.version,givesTranscript:e.gives_transcript===null?null:e.gives_transcript===1,condition:v(e)}}function v(e){if(e.reach===null)return null;return{activity:e.activity===null?null:{state:e.activity,since:e.activity_since??0,on:e.activity_on},reach:e.reach,quietUntil:e.quiet_until}}function Mt(e){return{id:e.id,name:e.name,project:e.project===""?null:e.project,folder:e.folder,holder:e.holder}}function B(e){return{seq:e.seq,id:e.id,kind:e.kind,fromId:e.from_id,fromName:e.from_name,fromRole:e.from_role,fromProject:e.from_project,recipients:k(e.recipients),body:e.body,priority:e.priority,type:e.type,threadId:e.thread_id,inReplyTo:e.in_reply_to,hops:e.hops,rule:e.rule,sentAt:e.sent_at,ttlMs:e.ttl_ms,publicKey:e.public_key,signature:e.signature}}function Co(e){return JSON.stringify(e.map((n)=>[n.mailbox,n.name,n.project]))}function k(e){try{let n=JSON.parse(e);if(!Array.isArray(n))return[];return n.map(([r,i,s])=>({mailbox:r,name:i,project:s}))}catch{return[]}}function At(e){return{name:G(e.name),state:Ho.find((n)=>n===e.state)??"quarantined",path:Ko.find((n)=>n===e.path)??null,offers:e.offers,handedAt:e.handed_at,seenAt:e.seen_at,evidence:e.evidence===null?null:G(e.evidence)}}function Io(e,n,r){return{message:B(e),addressed:e.addressed,token:n,offers:r}}var ae=`s.*, (select hooks_at from client c where c.boot = s.boot and c.pid_space = s.pid_space
  and c.pid = s.client_pid and c.start = s.client_start) as hooks_at`,En=`select count(*) as n from delivery indexed by delivery_open
  where open = 1 and mailbox in (select mailbox from session where person = 1)`,Tn=`select (p.page_count - f.freelist_count) * s.page_size as n
  from pragma_page_count p, pragma_freelist_count f, pragma_page_size s`;import{readFileSync as S,readlinkSync as q}from"fs";import{hostname as M}from"os";var w=(...e)=>process.getBuiltinModule("node:child_process").spawnSync(...e);function ye(){return{machine:M(),boot:P("/proc/sys/kernel/random/boot_id")??A()??"?",pidSpace:j("/proc/self/ns/pid")??"?"}}function R(e,n){return e.boot===n.boot&&e.pidSpace===n.pidSpace&&(e.boot!=="?"||e.machine===n.machine)}function A(){if(process.platform!=="darwin")return null;return w("sysctl",["-n","kern.bootsessionuuid"],{encoding:"utf8",timeout:2000}).stdout?.trim()||null}function P(e){try{return S(e,"utf8").trim()||null}catch{return null}}function j(e){try{return q(e)}catch{return null}}var g=60000,E=300000;function we(e,{place:n,clock:r,sharesPids:i,isRunning:s}){let o={at:e.beatAt,up:e.beatUp,boot:e.place.boot},a={at:r.now(),up:r.up(),boot:n.boot},u=(l)=>Zo(o,a,l);if(i(e.place,n)){let l=u(g);if(s(e.server,!l))return l?"away":e.condition?.activity?.state??"live";return e.hooksAt!==null&&s(e.client)?"deaf":"gone"}if(e.place.machine===n.machine&&e.place.boot!==n.boot||u(E))return"gone";return u(g)?"away":e.condition?.activity?.state??"live"}var N=500;function Ro(e,n){let r=new Map;return(i)=>{let s=n.now(),o=r.get(i.id);if(o!==void 0&&Math.abs(s-o.at)<N)return o.standing;if(r.size>1000)r.clear();let a=e(i);return r.set(i.id,{standing:a,at:s}),a}}
export{Qe,On,rr,ie,Mo,Ie,Ao,Ir,V,D,Mt,B,Co,At,Io,ae,En,Tn,ye,R,we,Ro};
