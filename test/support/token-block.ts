/** The token table of a pull request's body as it stands there: its numbers are another test's. */
export function tokenBlockIn(body: string | undefined): string {
  const block =
    /<!-- regen:tokens begin -->\n\| Tokens \|[^]*\n\| \*\*Total\*\* \|[^]*\n<!-- regen:tokens end -->/.exec(
      body ?? '',
    );
  return block?.[0] ?? 'no token table';
}
