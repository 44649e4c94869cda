/**
 * Whether a client's command line asks for the channel of this plugin. The client still may refuse
 * it in silence; nothing tells a server so.
 *
 * @see https://code.claude.com/docs/en/channels-reference
 */
export function namesOurChannel(words: readonly string[]): boolean {
  const flags = ["--channels", "--dangerously-load-development-channels"];
  return words.some((word, i) => {
    const [flag = "", inline] = word.split("=", 2);
    if (!flags.includes(flag)) return false;
    const values = takeValues(inline === undefined ? words.slice(i + 1) : [inline]);
    return values.some((value) => /^(plugin:cc-dm(@.*)?|server:cc-dm)$/.test(value));
  });
}

function takeValues(words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => word.startsWith("-"));
  return (end < 0 ? words : words.slice(0, end)).flatMap((word) => word.split(/[\s,]+/));
}
