/** Items as a worker has them, each with the section that it needs. */

export interface Question {
  readonly item: string;
  /** The last heading of the chunk, or a word of a chunk of code. */
  readonly needs: string;
}

export const questions: readonly Question[] = [
  { item: 'To install the package, click here and follow the instructions on the page.', needs: 'Links' },
  { item: 'The oven is heated to 180°C for 5kg of dough.', needs: 'Numbers and units' },
  { item: 'The workshop takes place on 3/4/26 and is repeated on 12/4/26.', needs: 'Dates' },
  { item: 'Mistakes were made and the file was deleted by the process.', needs: 'Voice' },
  { item: '1. Cheese 2. Bread 3. Milk: what the shop sells, in a numbered list.', needs: 'Lists' },
  { item: '$ npm install\n$ npm test\nRun these commands in a shell.', needs: 'Shell commands' },
  { item: 'curl -H "Authorization: Bearer ghx_example" with the password hunter2', needs: 'Secrets' },
  { item: '![image of a diagram](diagram.png) shows the architecture.', needs: 'Alternative text' },
  { item: 'A bar chart whose y axis starts at 40, to make the growth visible.', needs: 'Axes' },
  { item: 'plt.plot(one, color="red"); plt.plot(two, color="green")  # two series', needs: 'Palette' },
  { item: 'def mean(values):\n    """This function returns the average"""', needs: 'Summary line' },
  {
    item: 'def load(path):\n    """Load it. May raise OSError when the file is locked."""',
    needs: 'Exceptions',
  },
  { item: 'Die Einstellungen findest du im Menü: "Datei". (German, informal)', needs: 'Form of address' },
  { item: 'You have {count} new messages (Polish)', needs: 'Plurals' },
  { item: 'Preview pictures are shrunk so that the longer side has 320 px.', needs: 'thumbnail_size' },
];

/** What the documents say nothing about. */
export const strangers: readonly string[] = [
  'The migration adds a column to the customers table and fills it in the background.',
  'Kubernetes evicts the pod because its memory exceeds the quota.',
  'Our cat sleeps on the windowsill all afternoon.',
  'Invoices are due within thirty days; afterwards interest is charged.',
  'SELECT id FROM orders WHERE shipped IS NULL ORDER BY created',
];

/** Words that stand for each other: what an embedding model would know, for the endpoint on loopback. */
export const synonyms: Readonly<Record<string, string>> = {
  average: 'median',
  color: 'palette',
  deleted: 'passive',
  findest: 'form',
  hunter2: 'secrets',
  image: 'picture',
  informal: 'address',
  made: 'passive',
  oserror: 'exceptions',
  raise: 'exceptions',
  starts: 'begins',
  workshop: 'dates',
};
