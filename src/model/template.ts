/** Texts with placeholders: `{target}`, `{item}`, `{score}` … Every other brace is literal. */

export type Values = Readonly<Record<string, string>>;

/** Fills what `values` names, once: what was put in is never read again as a placeholder. */
export function fillTemplate(template: string, values: Values): string {
  return template.replace(/\{([A-Za-z][A-Za-z0-9]*)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
}

/** A list stands for as many words as it has entries. */
export type CommandValues = Readonly<Record<string, string | readonly string[]>>;

/** The same for a command line: each value becomes one quoted word of the shell. */
export function fillCommand(template: string, values: CommandValues): string {
  const quote = (value: string | readonly string[]): string =>
    typeof value === 'string' ? shellQuote(value) : value.map(shellQuote).join(' ');
  const quoted = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, quote(value)]));
  return fillTemplate(template, quoted);
}

/** One word of a POSIX shell, whatever the text holds. */
export function shellQuote(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The placeholders that a template names. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(/\{([A-Za-z][A-Za-z0-9]*)\}/g)].flatMap((match) => match[1] ?? []);
}
