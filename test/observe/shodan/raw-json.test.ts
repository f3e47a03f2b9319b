import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementTexts } from '../../../src/observe/shodan/raw-json.ts';
import { bytesOfPythonText } from '../../../src/observe/shodan/python-text.ts';

describe('elementTexts', () => {
  it('keeps digits that parsing would lose', () => {
    expect(
      elementTexts('{"a": 1, "data": [ {"serial": 15745316675568561342} , [1,2], "x]" ]}', 'data'),
    ).toEqual(['{"serial": 15745316675568561342}', '[1,2]', '"x]"']);
  });

  it('looks at the outermost object only, and the last of equal names wins', () => {
    expect(elementTexts('{"x":{"data":[1]},"data":[2],"data":[3,4]}', 'data')).toEqual(['3', '4']);
    expect(elementTexts('{"x":{"data":[1]}}', 'data')).toBeUndefined();
    expect(elementTexts('{"data":{"0":1}}', 'data')).toBeUndefined();
  });

  it('gives texts that parse to the elements of any valid answer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.nat(4),
        (list, more, space) => {
          const text = JSON.stringify({ ...more, matches: list }, undefined, space);
          const texts = elementTexts(text, 'matches');
          expect(texts?.map((one) => JSON.parse(one) as unknown)).toEqual(JSON.parse(JSON.stringify(list)));
        },
      ),
    );
  });

  it('ends on anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void elementTexts(`{"data":[${text}`, 'data')),
    );
    fc.assert(fc.property(fc.string(), (text) => void elementTexts(text, 'data')));
  });
});

describe('bytesOfPythonText', () => {
  it('reads the escapes of repr', () => {
    expect([...bytesOfPythonText(String.raw`\x03\x00\n\r\t\\\'4 A`, 64)]).toEqual([
      3, 0, 10, 13, 9, 92, 39, 52, 32, 65,
    ]);
  });

  it('takes a broken escape for what it is, stops at wide characters and at the limit', () => {
    expect([...bytesOfPythonText(String.raw`\xg1\q`, 64)]).toEqual([92, 120, 103, 49, 92, 113]);
    expect([...bytesOfPythonText('a語b', 64)]).toEqual([97]);
    expect(bytesOfPythonText('a'.repeat(100), 8)).toHaveLength(8);
  });

  it('gives back any bytes that were escaped', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        const text = [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
        expect([...bytesOfPythonText(text, 64)]).toEqual([...bytes]);
      }),
    );
  });
});
