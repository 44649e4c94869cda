/**
 * The channel server: one per client, MCP over stdio. Reads the environment, builds everything, and
 * leaves when its client does.
 */
import { dirname, join } from "node:path";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { version } from "../package.json" with { type: "json" };
import { examine } from "./bus/sqlite/examine.ts";
import { openSqliteBus } from "./bus/sqlite/index.ts";
import { mender } from "./bus/sqlite/mend.ts";
import { systemClock as clock } from "./core/clock.ts";
import { type Config, loadConfig } from "./core/config.ts";
import { DmError } from "./core/errors.ts";
import { clientFolder } from "./core/home.ts";
import { makeKeys } from "./core/keys.ts";
import { complain, stderrLog } from "./core/log.ts";
import type { Session, SessionId } from "./core/model.ts";
import { runErrands } from "./delivery/errands.ts";
import { keeper } from "./delivery/keeper.ts";
import { type Life, live } from "./delivery/life.ts";
import { hooks } from "./delivery/paths/hooks.ts";
import { relay } from "./delivery/relay/relay.ts";
import { connectWire, type Wire } from "./delivery/wire/channel.ts";
import { type Outlet, outlet } from "./delivery/wire/outlet.ts";
import { stdio } from "./delivery/wire/stdio.ts";
import { farewell } from "./delivery/words/farewell.ts";
import { instructions, instructionsWithoutBus } from "./delivery/words/instructions.ts";
import { tidings } from "./delivery/words/tidings.ts";
import { upgrade } from "./delivery/words/upgrade.ts";
import { gather } from "./doctor/gather.ts";
import { diagnose } from "./doctor/index.ts";
import { bellPath } from "./host/bell.ts";
import { namesOurChannel } from "./host/flag.ts";
import { privateFolder, refuseNetworkShare } from "./host/folder.ts";
import { newestInstalled } from "./host/installed.ts";
import { isKinOf, isOfThisProcess } from "./host/kinship.ts";
import { isOnErrandFor } from "./host/lineage.ts";
import { mendLink } from "./host/link.ts";
import { notifyDesktop } from "./host/notify.ts";
import { sharesPids, thisPlace } from "./host/place.ts";
import { commandLine, isRunning, markOf } from "./host/process.ts";
import { repoOf } from "./host/repo.ts";
import { openFile } from "./host/source.ts";
import { clientStatus, statusFile } from "./host/status.ts";
import { tidyHome } from "./host/tidy.ts";
import { personCheck, userKeys } from "./host/userkey.ts";
import { standing } from "./policy/presence.ts";
import { type Answer, callDoctor, callTool, failure, foundBusMoved } from "./tools/call.ts";
import type { Consented } from "./tools/tool.ts";

const ofShell = { consent: () => false, tidings: () => null };
// A call that finds the bus gone waits for it to be mended.
const mendMs = 10_000;
// The longest line that makes sense: 1,000,000 characters, each an escaped emoji of 12. What is longer
// than a message may be, but shorter than this, gets an answer.
const longestLine = 16 * 1024 * 1024;
const env = process.env;
const log = stderrLog(clock.now);
const root = dirname(import.meta.dirname);
const installed = () => newestInstalled({ name: "cc-dm", config: clientFolder(env), root });
const news = tidings(upgrade({ clock, version, installed }));

interface Running {
  readonly life: Life;
  readonly channel: Outlet;
}

/** What a session is given to work with by the process around it. */
interface Around {
  readonly wire: () => Wire | null;
  readonly onErrands: () => Promise<void>;
  readonly lost: (error: DmError) => void;
}

/** Opens the bus and puts this session on it. */
async function begin(
  { home, values, ...config }: Config,
  { wire, onErrands, lost }: Around,
): Promise<Running> {
  privateFolder(home.folder);
  refuseNetworkShare(home.folder);
  for (const folder of [home.bells, home.clients]) privateFolder(folder);
  const place = thisPlace();
  const client = markOf(process.ppid);
  const bus = await openSqliteBus({ path: home.bus, clock, boot: place.boot, lost, onMended: news.add });
  mendLink({ folder: home.folder, root, version, data: env.CLAUDE_PLUGIN_DATA });
  try {
    const [keys, user] = [makeKeys(), values.CC_DM_PERMISSION_RELAY ? userKeys(home.folder) : null];
    const cwd = env.CLAUDE_PROJECT_DIR ?? process.cwd();
    const status = statusFile(clientFolder(env), client);
    const headless = /^sdk/.test(env.CLAUDE_CODE_ENTRYPOINT ?? "");
    const clientSession = env.CLAUDE_CODE_SESSION_ID ?? null;
    const notify = (text: string) => values.CC_DM_NOTIFY && notifyDesktop("cc-dm", text);
    const look = (other: Session) => standing(other, { place, clock, sharesPids, isRunning });
    const expectsHooks = env.CLAUDECODE === "1";
    const flagged = values.CC_DM_CHANNEL === "auto" && namesOurChannel(commandLine(client.pid));
    const channel = outlet({
      bus,
      clock,
      log,
      wire,
      wanted: flagged || values.CC_DM_CHANNEL === "on",
      expectsHooks,
    });
    const life = await live({
      config: { home, values, ...config },
      bus,
      clock,
      keys,
      log,
      base: {
        id: keys.id,
        publicKey: keys.publicKey,
        place,
        server: markOf(process.pid),
        client,
        clientSession,
        cwd,
        ...repoOf(cwd),
        // A headless run is nobody's colleague unless it was given a name.
        listed: !headless || values.CC_DM_SESSION_NAME !== undefined,
        bell: values.CC_DM_BELL ? bellPath(home.bells, keys.id) : null,
        version,
        givesTranscript: values.CC_DM_TRANSCRIPT,
      },
      branch: () => repoOf(cwd).branch,
      isPerson: personCheck(() => home.folder),
      person: () => bus.person(userKeys(home.folder), home.folder),
      onErrands,
      notify,
      clientStatus: () => clientStatus(status, client),
      relay:
        user &&
        ((house) =>
          relay({
            ...house,
            rules: config.rules,
            approvers: values.CC_DM_PERMISSION_APPROVER,
            headless,
            user, // read before it joined: what fails then leaves a session on the roster at each try
            spawned: (other) => isKinOf({ place, client, clientSession }, other),
            sendVerdict: (id, behavior) => wire()?.decide(id, behavior),
            notify,
          })),
      expectsHooks,
      // Of this very process, before the bus was taken from it and given back.
      standing: (other) => (other.id !== keys.id && isOfThisProcess(other, place) ? "gone" : look(other)),
      channel,
      tidings: news.toPerson,
      tidy: (open) => tidyHome(home, open, clock.now()),
    });
    return { life, channel };
  } catch (error) {
    bus.end();
    throw error;
  }
}

/** Looks at this session and its machine, whether it is on the bus or not. */
function examineHere(config: Config, session: SessionId | null) {
  const here = { env, cwd: env.CLAUDE_PROJECT_DIR ?? process.cwd(), clock, version, pid: process.pid };
  const programs = [join(import.meta.dirname, "cli.js")];
  const look = (path: string) => examine(path, clock);
  return gather({ ...here, session, config, programs, examine: look }).then(diagnose);
}

async function main(): Promise<void> {
  const config = loadConfig({ env, args: process.argv.slice(2) });
  const on = config.values.CC_DM;
  const transport = stdio<JSONRPCMessage>(clock, longestLine);
  let wire: Wire | null = null;
  const leaveTaken = farewell();
  const unwritten = new Map<string, string>();
  let [initialized, leaving] = [false, false];

  function leave(): void {
    if (leaving) return;
    leaving = true;
    kept.current()?.life.end();
    process.exit(0);
  }
  // On kill -9 of the client stdin's end is all there is; the SDK does not leave on it.
  const settled = () => Promise.all([wire?.hangUp(), kept.current()?.channel.settled()]);
  const hangUp = () => void Promise.race([settled(), clock.sleep(1000)]).then(leave, leave);
  void transport.ended.then(hangUp);
  void transport.broken.then(leave);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, leave);

  const mend = mender(config.home.bus, clock);
  const kept = keeper<Running>({
    clock,
    begin: (lost) => begin(config, { wire: () => wire, onErrands: errands, lost }),
    end: ({ life }) => life.end(),
    onBegun: () => initialized && open(),
    async mend(error, running) {
      const words = await mend(error, running?.life.desk.parts.bus ?? null);
      if (words) news.add(words);
      return words !== null;
    },
    complain,
  });

  const benchOf = ({ life, channel }: Running) => ({
    desk: life.desk,
    receiving: () => ({ ...life.desk.parts, session: life.desk.self() }),
    pushes: channel.ready,
    quiet: life.quiet,
    condition: life.condition,
    tidings: news.toModel,
    open: openFile,
    examine: () => examineHere(config, life.desk.self().id),
  });

  async function errands(): Promise<void> {
    const running = kept.current();
    if (running === null) return;
    await runErrands({
      bus: running.life.desk.parts.bus,
      session: running.life.desk.self().id,
      unwritten,
      log,
      isBelow: (asker, words) => isOnErrandFor({ client: process.ppid, server: process.pid, asker, words }),
      // Nobody is asked about what a shell command wants, and news is for the model.
      call: (name, args) => callTool({ ...benchOf(running), ...ofShell }, name, args),
    });
  }

  function open(): void {
    kept.current()?.channel.onInitialized();
    kept.current()?.life.look();
  }

  async function callOnce(name: string, args: unknown, toolUse: string | null): Promise<Answer> {
    const running = kept.current();
    if (running === null && name === "doctor") return callDoctor(() => examineHere(config, null));
    if (running === null)
      return failure(
        on ? kept.fault() : new DmError("off", "cc-dm is off in this session (CC_DM=off)."),
        null,
      );
    const { consent } = running.life.hooks;
    const agreed = (call: Consented) => consent.given({ id: toolUse ?? "", ...call });
    return callTool({ ...benchOf(running), consent: agreed }, name, args);
  }

  if (on) await kept.start(); // on the roster before `initialize` is answered
  const first = kept.current()?.life ?? null;
  wire = await connectWire({
    transport,
    version,
    clock,
    instructions: !on
      ? null
      : first === null
        ? instructionsWithoutBus
        : instructions(first.arrival, first.company, config.values.CC_DM_APPROVER),
    async call(name, args, toolUse) {
      const answer = await callOnce(name, args, toolUse);
      if (!foundBusMoved(answer)) return answer;
      await kept.settled(mendMs); // nothing was done: what it was about is written to the new bus
      return callOnce(name, args, toolUse);
    },
    hook(name, args, signal) {
      const hook = Object.hasOwn(hooks, name) ? hooks[name] : undefined;
      if (hook === undefined) return null;
      const running = kept.current();
      if (running === null) return Promise.resolve(leaveTaken(name, kept.fault()));
      return hook(running.life.hooks, args, signal).catch((error: unknown) => {
        log("hook_failed", { hook: name, error: String(error) });
        return {}; // a broken bus never breaks the client
      });
    },
    onPrompt: config.values.CC_DM_PERMISSION_RELAY
      ? ({ request_id, tool_name: tool, description, input_preview: input }) =>
          void kept
            .current()
            ?.life.hooks.relay?.byChannel({ tool, description, input, agent: "" }, request_id)
            .catch((error: unknown) => log("relay_failed", { error: String(error) }))
      : null,
    shown(tokens, dropped) {
      const running = kept.current();
      running?.channel.shown(running.life.desk.self(), tokens, dropped);
    },
    unshown() {
      const running = kept.current();
      running?.channel.unshown(running.life.desk.self(), running.life.look);
    },
    onClose: leave,
    onListed: () => kept.current()?.life.listed(),
    onInitialized() {
      initialized = true;
      open();
    },
  });
}

main().catch((error: unknown) => {
  complain(error);
  process.exit(1);
});
