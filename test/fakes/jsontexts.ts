import fc from "fast-check";

const blank = fc
  .array(fc.constantFrom(" ", "\n", "\t", "\r\n", "  "), { maxLength: 3 })
  .map((all) => all.join(""));

/** JSON texts as odd as they may be: spacing anywhere, keys twice, escapes. */
export const { value: jsonText } = fc.letrec<{ leaf: string; list: string; object: string; value: string }>(
  (tie) => ({
    leaf: fc.oneof(
      fc.constantFrom("null", "true", "false", "0", "-1.5e3", '""', '"\\u0022}{"', '"a\\\\"', '"\\"]"'),
      fc.string().map((text) => JSON.stringify(text)),
    ),
    list: fc
      .tuple(blank, fc.array(tie("value"), { maxLength: 3 }))
      .map(([gap, all]) => `[${gap}${all.join(`${gap},${gap}`)}${gap}]`),
    object: fc
      .tuple(blank, blank, fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 4 }))
      .map(([outer, inner, all]) => object(outer, inner, all)),
    value: fc.oneof({ depthSize: "small" }, tie("leaf"), tie("list"), tie("object")),
  }),
);

/** A settings file without `statusLine`, perhaps with a byte order mark. */
export const settingsText = fc
  .tuple(
    fc.constantFrom("", "\ufeff"),
    blank,
    blank,
    blank,
    fc.array(fc.tuple(fc.string(), jsonText), { maxLength: 5 }),
  )
  .map(([mark, around, outer, inner, all]) => {
    const others = all.filter(([key]) => key !== "statusLine");
    return `${mark}${around}${object(outer, inner, others)}${around}`;
  });

function object(outer: string, inner: string, all: readonly (readonly [string, string])[]): string {
  const members = all.map(([key, value]) => `${JSON.stringify(key)}${inner}:${inner}${value}`);
  return `{${outer}${members.join(`${inner},${outer}`)}${outer}}`;
}
