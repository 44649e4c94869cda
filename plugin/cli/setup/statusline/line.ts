import { cut } from "../../terminal/paper.ts";
import { line } from "../../terminal/plain.ts";

/** How things stand for one session. */
export interface Glance {
  readonly name: string;
  readonly project: string | null;
  /** Live sessions that it may write to. */
  readonly peers: number;
  /** Mail that waits for it. */
  readonly unread: number;
  /** Mail that waits for the person. */
  readonly forPerson: number;
  /** Sessions that wait for the person's answer to a permission request. */
  readonly asking: number;
  /** Its server has died under it. */
  readonly deaf: boolean;
}

const longest = 24;
const codes = { dim: 2, cyan: 36, yellow: 33 } as const;

/** `[name · project · 3 peers · ✉2 you:1 · ⚠1]`: what is nought is left out. */
export function statusLine(
  { name, project, peers, unread, forPerson, asking, deaf }: Glance,
  { colour }: { readonly colour: boolean },
): string {
  const ink = (code: keyof typeof codes, text: string) =>
    colour ? `\u001b[${codes[code]}m${text}\u001b[0m` : text;
  const parts = [
    short(name),
    project === null ? "" : ink("dim", short(project)),
    peers === 0 ? "" : ink("dim", `${peers} ${peers === 1 ? "peer" : "peers"}`),
    mail(unread, forPerson, (text) => ink("cyan", text)),
    trouble(asking, deaf, (text) => ink("yellow", text)),
  ];
  return `${ink("dim", "[")}${parts.filter((part) => part !== "").join(ink("dim", " · "))}${ink("dim", "]")}`;
}

function mail(unread: number, forPerson: number, ink: (text: string) => string): string {
  const mine = forPerson === 0 ? "" : `you:${forPerson}`;
  if (unread === 0) return mine === "" ? "" : ink(`✉ ${mine}`);
  return ink([`✉${unread}`, mine].filter(Boolean).join(" "));
}

function trouble(asking: number, deaf: boolean, ink: (text: string) => string): string {
  const said = [asking === 0 ? "" : `⚠${asking}`, deaf ? "⚠ server gone" : ""].filter(Boolean).join(" ");
  return said === "" ? "" : ink(said);
}

/** Rows may have been written past us, and a name may be as long as a line. */
function short(text: string): string {
  return cut(line(text), longest);
}
