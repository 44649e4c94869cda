/**
 * What a secret looks like, all in one place; test/conversation/secrets.test.ts shows each by example,
 * and what looks like one and is none. Masking is a net with holes: it catches what has a known form.
 *
 * Every pattern runs in linear time, whatever the text: it begins with fixed letters at the start of a
 * word, and what comes before its last part is bounded. Its group `hide` is what is masked, else all of it.
 */
export interface Secret {
  readonly what: string;
  readonly pattern: RegExp;
}

// A quotation mark, perhaps escaped, as in JSON within JSON.
const quote = String.raw`\\{0,4}["'\x60]`;
/**
 * Where a word begins: `task-…` is no key. Behind an escape it does as well, though that ends with a
 * letter: the end of a line or a colour in JSON, a sign in an address.
 */
const behind = String.raw`(?<=\\(?:[nrtbfv0]|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})|\[[0-9;]{0,12}m|%[0-9A-Fa-f]{2})`;
const startOf = (letters: string) => `(?:(?<![${letters}])|${behind})`;
const start = startOf("A-Za-z0-9_-");
const startOfName = startOf("A-Za-z");

/** Names of settings, fields and headers that hold a secret. */
const names = [
  "pass(?:wor[dt]|wd|phrase|code)",
  // The working folder is called so too.
  String.raw`pwd(?![A-Za-z0-9_-]{0,24}["'\x60\\]{0,5}[ \t]{0,8}[:=][ \t]{0,8}["'\x60\\]{0,5}[/~.])`,
  "secret",
  "credential",
  "(?:api|access|secret|private|encryption|signing|master|account|shared|client|auth|deploy|license)[_.-]?key",
  "(?:access|refresh|auth|bearer|session|id|api|bot|app|user|csrf|github|gitlab|npm|slack|deploy)[_.-]?token",
  "connection[_.-]?string",
  "database[_.-]?url",
].join("|");

// What stands there in code and in talk about secrets: a type, a call, a variable, a placeholder.
const plain = String.raw`(?:string|str|number|boolean|bool|bytes|null|none|nil|undefined|true|false|any|unknown|object|required|optional|self|this|await|new|function|void|\*{2,}|x{3,}|\.{3})(?![\w-])`;
const code = String.raw`[$<{(\[*%&|=]|\\{0,4}["'\x60]|process\.|os\.|env\.|import\.|config\.|settings\.|options\.|args\.|params\.|self\.|this\.|ENV\[`;
const called = String.raw`[\w.]{1,64}\(`;

export const secrets: readonly Secret[] = [
  {
    what: "Anthropic, OpenAI and kin",
    pattern: new RegExp(`${start}sk-(?=[a-z-]{0,40}[A-Z0-9])[A-Za-z0-9_-]{16,}`, "g"),
  },
  {
    what: "GitHub",
    pattern: new RegExp(`${start}(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})`, "g"),
  },
  { what: "GitLab", pattern: new RegExp(`${start}gl(?:pat|ptt|dt|rt|cbt|soat)-[A-Za-z0-9_.-]{16,}`, "g") },
  {
    what: "AWS",
    pattern: new RegExp(
      `${startOf("A-Za-z0-9")}(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])`,
      "g",
    ),
  },
  { what: "Slack", pattern: new RegExp(`${start}(?:xox[abcdeoprs]|xapp)-[A-Za-z0-9-]{10,}`, "g") },
  {
    what: "Slack webhook",
    pattern: /hooks\.slack\.com\/(?:services|workflows)\/(?<hide>[A-Za-z0-9/_-]{20,})/g,
  },
  {
    what: "Google",
    pattern: new RegExp(
      `${start}(?:AIza[A-Za-z0-9_-]{35}|ya29\\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,})`,
      "g",
    ),
  },
  {
    what: "Stripe",
    pattern: new RegExp(`${start}(?:[rs]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/]{16,})`, "g"),
  },
  {
    what: "package registries",
    pattern: new RegExp(
      `${start}(?:npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{16,}|dckr_[po]at_[A-Za-z0-9_-]{20,})`,
      "g",
    ),
  },
  { what: "Hugging Face", pattern: new RegExp(`${start}hf_[A-Za-z0-9]{30,}`, "g") },
  { what: "DigitalOcean", pattern: new RegExp(`${start}do[opr]_v1_[a-f0-9]{40,}`, "g") },
  { what: "SendGrid", pattern: new RegExp(`${start}SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,}`, "g") },
  { what: "Vault", pattern: new RegExp(`${start}hv[sbr]\\.[A-Za-z0-9_-]{20,}`, "g") },
  { what: "Shopify", pattern: new RegExp(`${start}shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}`, "g") },
  { what: "Databricks", pattern: new RegExp(`${start}dapi[a-f0-9]{32}`, "g") },
  { what: "Linear", pattern: new RegExp(`${start}lin_(?:api|oauth)_[A-Za-z0-9]{20,}`, "g") },
  {
    what: "Telegram",
    pattern: new RegExp(`${start}[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])`, "g"),
  },
  { what: "age", pattern: /AGE-SECRET-KEY-1[0-9A-Z]{50,}/g },
  {
    what: "JSON web token",
    pattern: new RegExp(`${start}eyJ[A-Za-z0-9_-]{8,4096}\\.[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*)*`, "g"),
  },
  {
    what: "authorization",
    pattern: new RegExp(
      `${startOfName}(?:bearer|basic|digest|token)[ \\t]{1,4}(?<hide>(?=[A-Za-z._~+/=-]{0,64}[0-9])[A-Za-z0-9._~+/=-]{12,})`,
      "gi",
    ),
  },
  {
    what: "cookie",
    pattern: new RegExp(
      `${startOfName}(?:set-)?cookie["']?[ \\t]{0,4}:[ \\t]{0,4}(?<hide>[^\\s"'\\\\][^\\r\\n"'\\\\]{7,})`,
      "gi",
    ),
  },
  { what: "in an address", pattern: /:\/\/[^\s:/@"'<>\\]{0,128}:(?<hide>(?![$<{*%])[^\s/@"'<>\\]{1,256})@/g },
  {
    what: "curl's user",
    pattern:
      /(?<![\w-])curl[ \t](?:[^\r\n]{0,300}?[ \t])?(?:-u|--user|--proxy-user)(?:[ \t]{1,4}|=)["']?[^\s:"'$]{1,64}:(?<hide>[^\s"'\\$][^\s"'\\]{0,255})/g,
  },
  {
    what: "netrc",
    pattern: /(?<![\w-])login[ \t]{1,4}[^\s]{1,64}[ \t]{1,4}password[ \t]{1,4}(?<hide>[^\s"'\\]+)/gi,
  },
  {
    what: "an option",
    pattern: new RegExp(
      `(?<![\\w-])--[a-z-]{0,24}(?:password|passwd|passphrase|secret|token|api-key|access-key)[ \\t]{1,4}${quote}?(?<hide>(?!-|${code}|${plain})[^\\s"'\`\\\\]{4,})`,
      "g",
    ),
  },
  {
    what: "a quoted value",
    pattern: new RegExp(
      `(?:${names}|${startOfName}token(?![A-Za-z]))[A-Za-z0-9_-]{0,24}(?:${quote})?\\]?[ \\t]{0,8}(?::=|=>|[:=])[ \\t]{0,8}(?<mark>${quote})(?!${code}|${plain})(?<hide>[^"'\`\\\\\\r\\n]+)`,
      "gi",
    ),
  },
  {
    what: "a value",
    pattern: new RegExp(
      `(?:${names}|${startOfName}token(?![A-Za-z]))[A-Za-z0-9_-]{0,24}(?:${quote})?[ \\t]{0,2}=[ \\t]{0,2}(?!${code}|${plain}|${called})(?<hide>[^\\s"'\`\\\\;,&)}\\[\\]<>(]+)`,
      "gi",
    ),
  },
  {
    // In prose a word stands behind "password:"; what has a digit or a sign in it is none.
    what: "a value after a colon",
    pattern: new RegExp(
      `(?:${names}|${startOfName}token(?![A-Za-z]))[A-Za-z0-9_-]{0,24}(?:${quote})?[ \\t]{0,2}:[ \\t]{0,8}(?!${code}|${plain})(?<hide>(?=[A-Za-z_.-]{0,64}[0-9!@#^+/~])[^\\s"'\`\\\\;,&)}\\[\\]<>(]+)`,
      "gi",
    ),
  },
  {
    what: "an environment line",
    pattern: new RegExp(
      `(?<=[A-Z0-9])(?:_KEY|_TOKEN|_PASS|_PW|_AUTH|_DSN|_SALT|_PAT)=${quote}?(?!${code}|${plain})(?<hide>[^\\s"'\`\\\\]+)`,
      "g",
    ),
  },
];
