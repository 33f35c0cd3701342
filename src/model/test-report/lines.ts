/** Lines of a terminal's output, from chunks that may end anywhere. */

export interface LineSplitter {
  add(text: string): void;
  /** The last line, when no line end came after it. */
  end(): void;
}

/** A line that is longer comes in pieces: one that never ends must not fill the memory. */
const longestLine = 16_384;
/** How far a piece may be shortened so that it doesn't end inside a sequence. */
const longestSequence = 64;

/** @param emit - gets each line as a terminal would show it in the end, without its line end and trailing blanks. */
export function createLines(emit: (line: string) => void): LineSplitter {
  let open = '';
  function close(): void {
    emit(shownLine(open));
    open = '';
  }
  // Decides by the line alone, never by where a chunk ended: the same output gives the same pieces.
  function cutLong(): void {
    while (open.length > longestLine + longestSequence) {
      const length = pieceLength(open);
      emit(shownLine(open.slice(0, length)));
      open = open.slice(length);
    }
  }
  return {
    add(text) {
      let from = 0;
      for (let to = text.indexOf('\n'); to !== -1; to = text.indexOf('\n', from)) {
        open += text.slice(from, to);
        cutLong();
        close();
        from = to + 1;
      }
      open += text.slice(from);
      cutLong();
    },
    end() {
      if (open !== '') close();
    },
  };
}

function pieceLength(line: string): number {
  const begun = /(?:\u001B[^A-Za-z\u0007]*|[\uD800-\uDBFF])$/.exec(
    line.slice(longestLine - longestSequence, longestLine),
  )?.[0].length;
  return longestLine - (begun ?? 0);
}

/** No colours, no other control characters but tabs, and of a line that redraws itself the last state. */
function shownLine(raw: string): string {
  // Nearly every line is plain, and this is done for each of them.
  if (!control.test(raw)) return raw.trimEnd();
  const plain = raw.replace(escapeSequence, '').trimEnd();
  const shown = plain.slice(plain.lastIndexOf('\r') + 1);
  return shown.replace(controls, '');
}

// CSI and OSC sequences, and the two-character ones.
const escapeSequence = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_])/g;

const control = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/;
const controls = new RegExp(control, 'g');
