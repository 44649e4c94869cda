import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { mask } from "../../plugin/conversation/mask.ts";
import { masked } from "../../plugin/conversation/read.ts";

// Nobody's: made up, of the right form. The ~ goes, so that no scanner takes this file for a leak.
const real = (text: string) => text.replaceAll("~", "");
const letters = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0fG3hJ6kL9n";
const hex = "0123456789abcdef0123456789abcdef01234567";

/** Alone, each is masked whole. */
const secrets: readonly (readonly [what: string, secret: string])[] = [
  ["Anthropic", real(`sk-~ant-api03-${letters}-${letters}AA`)],
  ["OpenAI", real(`sk-~${letters}`)],
  ["OpenAI project", real(`sk-~proj-${letters}_${letters}`)],
  ["GitHub", real(`gh~p_${letters.slice(0, 36)}`)],
  ["GitHub app", real(`gh~s_${letters.slice(0, 36)}`)],
  ["GitHub fine-grained", real(`github~_pat_${letters.slice(0, 22)}_${letters}`)],
  ["GitLab", real(`gl~pat-${letters.slice(0, 20)}`)],
  ["AWS", real("AK~IAIOSFODNN7EXAMPLE")],
  ["AWS for a while", real("AS~IAIOSFODNN7EXAMPLE")],
  ["Slack bot", real(`xo~xb-123456789012-1234567890123-${letters.slice(0, 24)}`)],
  ["Slack user", real(`xo~xp-123456789012-1234567890123-${letters.slice(0, 24)}`)],
  ["Google", real(`AI~za${letters.slice(0, 35)}`)],
  ["Google OAuth", real(`ya~29.${letters}`)],
  ["Stripe", real(`sk_~live_${letters.slice(0, 24)}`)],
  ["npm", real(`np~m_${letters.slice(0, 36)}`)],
  ["PyPI", real(`py~pi-AgEIcHlwaS5vcmc${letters}`)],
  ["Hugging Face", real(`h~f_${letters.slice(0, 34)}`)],
  ["Docker", real(`dckr~_pat_${letters.slice(0, 27)}`)],
  ["DigitalOcean", real(`dop~_v1_${hex}${hex.slice(0, 24)}`)],
  ["SendGrid", real(`S~G.${letters.slice(0, 22)}.${letters}`)],
  ["Vault", real(`hv~s.${letters}`)],
  ["Shopify", real(`shp~at_${hex.slice(0, 32)}`)],
  ["Databricks", real(`dap~i${hex.slice(0, 32)}`)],
  ["Linear", real(`lin~_api_${letters}`)],
  ["Telegram", real(`1234567890:A~A${letters.slice(0, 33)}`)],
  ["age", real(`AGE-SECRET~-KEY-1${letters.toUpperCase()}${letters.toUpperCase().slice(0, 18)}`)],
  ["a web token", real(`ey~JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${letters}`)],
];

const places: readonly (readonly [where: string, put: (secret: string) => string])[] = [
  ["alone", (one) => one],
  ["in a sentence", (one) => `the key is ${one}, keep it.`],
  ["quoted", (one) => `const key = "${one}";`],
  ["in JSON", (one) => JSON.stringify({ a: { key: one } })],
  ["in JSON in JSON", (one) => JSON.stringify({ text: JSON.stringify({ key: `${one}\n` }) })],
  ["behind the end of a line in JSON", (one) => JSON.stringify(`text\n${one}\n`)],
  ["behind one in JSON in JSON", (one) => JSON.stringify(JSON.stringify(`text\n${one}\tx`))],
  ["coloured", (one) => `\u001b[01;32m${one}\u001b[0m`],
  ["coloured, in JSON", (one) => JSON.stringify(`\u001b[31m${one}`)],
  ["written as part of an address", (one) => `?next=key%3D${one}%26x`],
  ["in parentheses", (one) => `f(${one})`],
  ["at the end of a line, numbered", (one) => `    12→KEY ${one}\n    13→next`],
  ["in an address", (one) => `https://example.org/?k=${one}&x=1`],
];

describe.each(secrets)("%s", (_, secret) => {
  test.each(places)("%s", (_where, put) => {
    const text = put(secret);
    const shown = mask(text);
    expect(shown).not.toContain(secret.slice(8));
    expect(shown).toContain("[masked]");
    expect(shown.length).toBeLessThanOrEqual(text.length);
  });
});

/** What is left of a text that holds one. */
const within: readonly (readonly [text: string, shown: string])[] = [
  ["Authorization: Bearer abc123DEF456ghi789", "Authorization: Bearer [masked]"],
  ["curl -H 'authorization: Basic dXNlcjpwYXNzd29yZDE='", "curl -H 'authorization: Basic [masked]'"],
  ["postgres://app:hunter2@db.local:5432/shop", "postgres://app:***@db.local:5432/shop"],
  ["redis://:s3cretpassword@cache", "redis://:[masked]@cache"],
  ["git clone https://ann:tok3ntok3n@example.org/x.git", "git clone https://ann:[masked]@example.org/x.git"],
  ["DB_PASSWORD=hunter2hunter2", "DB_PASSWORD=[masked]"],
  ['export API_KEY="abcdefgh12345678"', 'export API_KEY="[masked]"'],
  ["SECRET_KEY_BASE=0123456789abcdef", "SECRET_KEY_BASE=[masked]"],
  ["STRIPE_KEY=rk1234567890", "STRIPE_KEY=[masked]"],
  ["SENTRY_DSN=abcdefgh1234", "SENTRY_DSN=[masked]"],
  ["password: hunter2!", "password: [masked]"],
  ["password = 'correct horse battery'", "password = '[masked]'"],
  ['{"password":"hunter22"}', '{"password":"[masked]"}'],
  ['{\\"password\\":\\"hunter22\\"}', '{\\"password\\":\\"[masked]\\"}'],
  ['{\\\\\\"api_key\\\\\\": \\\\\\"abcdefgh1\\\\\\"}', '{\\\\\\"api_key\\\\\\": \\\\\\"[masked]\\\\\\"}'],
  ["aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "aws_secret_access_key = [masked]"],
  ["clientSecret: 'abc-def-ghi-jkl'", "clientSecret: '[masked]'"],
  ["x-api-key: 9f8e7d6c5b4a", "x-api-key: [masked]"],
  ["AccountKey=abc/def+ghi123==;EndpointSuffix=core", "AccountKey=[masked];EndpointSuffix=core"],
  ["Set-Cookie: sid=abcdef0123456789; Path=/", "Set-Cookie: [masked]"],
  ["mysql --password s3cr3tpw -u root", "mysql --password [masked] -u root"],
  ["tool --api-key=abcdefgh99 run", "tool --api-key=[masked] run"],
  ["curl -u ann:letmein99 https://x", "curl -u ann:[masked] https://x"],
  ["machine x.org login ann password letmein99", "machine x.org login ann password [masked]"],
  ["token=abcdef1234567890", "token=[masked]"],
  ['{"env":"A=1\\ntoken=abcdef1234\\nB=2"}', '{"env":"A=1\\ntoken=[masked]\\nB=2"}'],
  ['{"env":"A=1\\nSTRIPE_KEY=rk1234567890\\nB=2"}', '{"env":"A=1\\nSTRIPE_KEY=[masked]\\nB=2"}'],
  [
    '{"head":"x\\nauthorization: Bearer abc123DEF456ghi789\\n"}',
    '{"head":"x\\nauthorization: Bearer [masked]\\n"}',
  ],
  ["https://hooks.slack.com/services/T0001/B0001/XXXXabcdefgh", "https://hooks.slack.com/services/[masked]"],
];

test.each(within)("%s", (text, shown) => {
  expect(mask(text)).toBe(shown);
});

/** What looks like a secret and is none. */
const harmless: readonly string[] = [
  "task-list-of-the-day and sk-learn and sk-some-long-css-class-name",
  "The password is asked for at the prompt; passwords are hashed with argon2.",
  "password: string; token: string | null; secret?: Buffer",
  "const password = process.env.DB_PASSWORD;",
  'password = "$DB_PASSWORD" or "${SECRET}" or "<your password>"',
  "const token = getToken(); const secret = await readSecret(path);",
  "max_tokens=4096 input_tokens: 123 tokens: 9 tokenizer=gpt",
  "PWD=/home/ann/code OLDPWD=/tmp",
  "if (password === '') return null;",
  "the bearer token authentication of the basic plan",
  "https://example.org:8080/path?x=1 and http://localhost:3000/@scope/x",
  "AKIAshort and xoxb and ghp_short and eyJ",
  "commit 0123456789abcdef0123456789abcdef01234567",
  "uuid 123e4567-e89b-12d3-a456-426614174000",
  "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
  "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
  "sort -u names:file",
  "12:34:56 message_id 01ARZ3NDEKTSV4RRFFQ69G5FAV",
];

test.each(harmless)("stays: %s", (text) => {
  expect(mask(text)).toBe(text);
});

describe("a private key", () => {
  const body = Array.from({ length: 8 }, () => `${letters}${letters.slice(0, 24)}`);
  const key = (kind: string, end = "\n") =>
    real([`-----BEGIN ~${kind}-----`, ...body, `-----END ~${kind}-----`].join(end));

  test.each([
    "RSA PRIVATE KEY",
    "PRIVATE KEY",
    "OPENSSH PRIVATE KEY",
    "EC PRIVATE KEY",
    "PGP PRIVATE KEY BLOCK",
  ])("%s is masked from its first line to its last", (kind) => {
    expect(mask(`before\n${key(kind)}\nafter`)).toBe("before\n[masked]\nafter");
  });

  test.each([
    ["written as JSON", (text: string) => JSON.stringify(text)],
    ["written as JSON in JSON", (text: string) => JSON.stringify(JSON.stringify(text))],
    ["with numbers before its lines", (text: string) => text.replace(/^/gm, "    12→")],
    ["with Windows ends of lines", (text: string) => text.replaceAll("\n", "\r\n")],
    ["indented, in YAML", (text: string) => `key: |\n${text.replace(/^/gm, "    ")}`],
    ["cut off", (text: string) => text.slice(0, 300)],
    ["cut off, in JSON", (text: string) => JSON.stringify({ key: text.slice(0, 300), next: "shown" })],
  ])("%s", (_, write) => {
    const shown = mask(write(key("RSA PRIVATE KEY")));
    expect(shown).toContain("[masked]");
    expect(shown).not.toContain(letters.slice(0, 12));
  });

  test("is one of two, and what stands between them stays", () => {
    const two = `${key("PRIVATE KEY")}\nbetween\n${key("EC PRIVATE KEY")}`;
    expect(mask(two)).toBe("[masked]\nbetween\n[masked]");
  });
});

test("a colour in the midst of a value does not show it", () => {
  expect(masked("DB_PASSWORD=\u001b[01;31m\u001b[Khunter2hunter2\u001b[m")).toBe("DB_PASSWORD=[masked]");
  expect(masked("pass\u001b[31mword: hunter2!x\u200b")).toBe("password: [masked]");
});

describe("masking", () => {
  const some = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(...secrets.map(([, one]) => one), ...within.map(([text]) => text), ...harmless),
    fc.constantFrom(
      "password",
      "token",
      "=",
      ":",
      '"',
      "\\",
      "\\n",
      "-----BEGIN ",
      "-----",
      "://",
      "@",
      "eyJ",
      "sk-",
      " ",
    ),
  );
  const text = fc.array(some, { maxLength: 12 }).map((parts) => parts.join(""));

  test("never lengthens a text, and what is not masked stays in order, letter by letter", () => {
    fc.assert(
      fc.property(text, (whole) => {
        const shown = mask(whole);
        expect(shown.length).toBeLessThanOrEqual(whole.length);
        let at = 0;
        for (const piece of shown.split(/\[masked\]|\*{1,3}/)) {
          const found = whole.indexOf(piece, at);
          expect(found).toBeGreaterThanOrEqual(at);
          at = found + piece.length;
        }
      }),
      { numRuns: 300 },
    );
  });

  test("leaves nothing of a secret, wherever it stands", () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...secrets), text, (before, [, secret], behind) => {
        fc.pre(!before.includes(secret) && !behind.includes(secret)); // there perhaps in the middle of a word
        expect(mask(`${before} ${secret} ${behind}`)).not.toContain(secret);
      }),
      { numRuns: 300 },
    );
  });

  const units = [
    "a",
    "-",
    " ",
    "\n",
    "A_",
    "sk-",
    "eyJaaaaaaaa",
    "eyJaaaaaaaa ",
    "eyJaaaaaaaa.",
    "://a:",
    "password=",
  ].concat(
    [
      "password:",
      'password="',
      "password\\\\",
      "password ",
      "--password ",
      "-u a:",
      "bearer ",
      "cookie: ",
      "token ",
      "_KEY=",
    ],
    [
      "login a password ",
      "-----BEGIN PRIVATE KEY-----",
      '-----BEGIN PRIVATE KEY-----"',
      "-----BEGIN ",
      "ghp_",
      "1234567890:",
    ],
  );

  test.each(units)("of ten megabytes of %j is one walk", (unit) => {
    const long = unit.repeat(Math.ceil(10e6 / unit.length));
    const from = performance.now();
    const shown = mask(long);
    // Measured 0.02 to 1.2 s; twice quadratic in any pattern would be hours.
    expect(performance.now() - from).toBeLessThan(60_000);
    expect(shown.length).toBeLessThanOrEqual(long.length);
  });
});
