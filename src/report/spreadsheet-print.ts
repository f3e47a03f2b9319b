/**
 * What the library for spreadsheets has no option for: as wide as the paper, the head of a table again on every sheet, and the
 * handling and the page number on each.
 */

interface PrintOptions {
  /** Names of the worksheets, in their order; for each whether its first row is the head of a table. */
  readonly sheets: readonly { readonly name: string; readonly hasHead: boolean }[];
  /** Printed at the head of every sheet of paper. */
  readonly left: string;
  readonly right: string;
}

type Transform = (xml: string) => string;

/** A "feature" of the library: it works on the finished XML of a part. */
interface Printing {
  readonly files: {
    readonly transform: Readonly<
      Record<'xl/workbook.xml' | 'xl/worksheets/sheet{id}.xml', { readonly transform: Transform }>
    >;
  };
}

/** Excel cuts the text of a head at 255 characters, in the middle of a code if need be. */
const MOST_HEAD = 100;

export function printing({ sheets, left, right }: PrintOptions): Printing {
  const head = `&L&8 ${plain(left)}&R&8&B ${plain(right)}`;
  const onEverySheet = `<headerFooter><oddHeader>${xmlText(head)}</oddHeader><oddFooter>${xmlText('&R&8 &P / &N')}</oddFooter></headerFooter>`;
  const titles = sheets.flatMap(({ name, hasHead }, index) =>
    hasHead
      ? [
          `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${xmlText(`'${name.replaceAll("'", "''")}'!$1:$1`)}</definedName>`,
        ]
      : [],
  );
  return {
    files: {
      transform: {
        'xl/workbook.xml': {
          transform: (xml) =>
            xml.replace(/<definedNames\/>|<definedNames><\/definedNames>/, () =>
              titles.length === 0 ? '' : `<definedNames>${titles.join('')}</definedNames>`,
            ),
        },
        'xl/worksheets/sheet{id}.xml': {
          transform: (xml) =>
            xml
              // The library names a part that there is not when rows alone are frozen.
              .replace(' xSplit="0"', '')
              .replace('activePane="bottomRight"', 'activePane="bottomLeft"')
              .replace(/<worksheet[^>]*>/, (tag) => `${tag}<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`)
              .replace(
                /<pageSetup ([^>]*)\/>/,
                (_, attributes: string) =>
                  `<pageSetup ${attributes} fitToWidth="1" fitToHeight="0"/>${onEverySheet}`,
              ),
        },
      },
    },
  };
}

/** "&" begins a code. */
function plain(text: string): string {
  return [...text].slice(0, MOST_HEAD).join('').replaceAll('&', '&&');
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
