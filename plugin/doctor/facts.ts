import type { Examined } from "../bus/exam.ts";
import type { Config } from "../core/config.ts";
import type { Finding } from "../core/finding.ts";
import type { Home } from "../core/home.ts";
import type { EpochMs, Session, SessionId, UpMs } from "../core/model.ts";
import type { Installed } from "../host/installed.ts";
import type { LinkFacts } from "../host/link.ts";
import type { Program } from "../host/programs.ts";
import type { ShellLine } from "../host/shell.ts";
import type { Space } from "../host/space.ts";
import type { Standing } from "../policy/presence.ts";

/** What lies at a path of the bus folder. */
export interface Entry {
  readonly path: string;
  readonly kind: "missing" | "folder" | "file" | "link" | "other" | "unreadable";
  /** Belongs to the user who asks. */
  readonly mine: boolean;
  /** Rights, without the kind: 0o700. */
  readonly mode: number;
  readonly bytes: number;
}

/** The process that a session's server was started by. */
export interface ClientFacts {
  readonly pid: number;
  /** Null: not Claude Code, as far as can be told. */
  readonly program: string | null;
  readonly version: string | null;
  /** Its command line asks for our channel. */
  readonly flagged: boolean;
  /** Its command line says that it asks for no permission. */
  readonly unasking: boolean;
}

export interface SessionFacts {
  readonly session: Session;
  readonly standing: Standing;
  /** Null: its processes cannot be looked at from here. */
  readonly client: ClientFacts | null;
  /** Null: it has no bell. */
  readonly bellHangs: boolean | null;
}

/** All that the checks go by, looked up once: a check is a pure function of this. */
export interface Facts {
  readonly now: { readonly at: EpochMs; readonly up: UpMs; readonly boot: string };
  /** Of this cc-dm. */
  readonly version: string;
  readonly bun: { readonly running: Program; readonly onPath: Program | null };
  /** The `claude` that a shell would start. */
  readonly claude: Program | null;
  readonly installed: Installed;
  /** What the command on the PATH and the status line go by. */
  readonly link: LinkFacts | null;
  /** What else is called cc-dm. */
  readonly namesakes: { readonly programs: readonly string[]; readonly lines: readonly ShellLine[] };
  readonly settings: { readonly config: Config } | { readonly wrong: string };
  /** Variables that look like settings and are none. */
  readonly strays: readonly string[];
  readonly home: Home | null;
  /** The folder is not the usual one: the environment names it. */
  readonly homeGiven: boolean;
  readonly entries: readonly Entry[];
  readonly disk: {
    readonly space: Space | null;
    readonly type: string | null;
    readonly share: boolean;
  };
  readonly bus: Examined;
  /** Who held the write lock over two looks. */
  readonly writer: { readonly pid: number; readonly program: string } | null;
  readonly sessions: readonly SessionFacts[];
  /** Sockets and folders of processes that are gone. */
  readonly leftovers: { readonly bells: readonly string[]; readonly clients: readonly string[] };
  readonly here: Here;
}

/** Where the question comes from. */
export interface Here {
  /** The session that asks, or in whose client the command runs. */
  readonly session: SessionId | null;
  /** Asked from inside a Claude Code client. */
  readonly inClient: boolean;
}

export type Check = (facts: Facts) => readonly Finding[];
