import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileKnowledge } from '../../src/knowledge/compiled.ts';
import { loadKnowledge } from '../../src/knowledge/load.ts';
import { ConfigError } from '../../src/lib/strict-yaml.ts';
import { ServiceClass } from '../../src/model/service-class.ts';

const CONFIG = join(import.meta.dirname, '../../config');

describe('volatility as shipped', () => {
  const knowledge = loadKnowledge(CONFIG);

  it('puts every class into one store, what lives in memory before what lies on disks', () => {
    const stores = knowledge.volatility?.stores ?? [];
    const classes = stores.flatMap(({ classes: of }) => of);
    expect(classes.toSorted()).toEqual([...ServiceClass.options].toSorted());
    const order = stores.map(({ id }) => id);
    expect(order.indexOf('memory')).toBeLessThan(order.indexOf('windows'));
    expect(order.indexOf('windows')).toBeLessThan(order.indexOf('server'));
    for (const { sources } of stores) expect(sources.length).toBeGreaterThan(0);
  });

  it('gives every row of the record sheet a time, and never a later one before an earlier', () => {
    const rank = ['now', 'today', 'week'];
    const times = knowledge.commonAdvice['record-order'].map(({ when }) => rank.indexOf(when));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times).toHaveLength(6);
  });

  it('is in the compiled copy', () => {
    expect(JSON.parse(compileKnowledge(knowledge, 'x'))).toMatchObject({
      knowledge: { volatility: { stores: [{ id: 'live' }, { id: 'memory' }, {}, {}, {}] } },
    });
  });
});

describe('a faulty volatility.yaml', () => {
  let directory = '';
  const edit = (name: string, from: RegExp, to: string): void => {
    const text = readFileSync(join(directory, name), 'utf8');
    expect(text).toMatch(from);
    writeFileSync(join(directory, name), text.replace(from, to));
  };
  const problems = (): string => {
    try {
      loadKnowledge(directory);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems.map(({ message }) => message).join('\n');
      throw error;
    }
    return '';
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sekisho-volatility-'));
    const names = ['classes.yaml', 'ports.yaml', 'advisory-data.yaml', 'volatility.yaml', 'rules', 'advice'];
    for (const name of names) cpSync(join(CONFIG, name), join(directory, name), { recursive: true });
    cpSync(join(import.meta.dirname, 'fixture'), directory, { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is told when a class stands in none or in two stores', () => {
    expect(problems()).toBe('');
    edit('volatility.yaml', /\[iot, telnet,/, '[iot, ssl-vpn,');
    expect(problems()).toContain('telnet must stand in exactly one store, and stands in 0');
    expect(problems()).toContain('ssl-vpn must stand in exactly one store, and stands in 2');
  });

  it('is told when something is to be carried for a store that is not there', () => {
    edit('volatility.yaml', /stores: \[memory, box\]/, 'stores: [memory, boxx]');
    expect(problems()).toContain('there is no store boxx in this file');
  });

  it('is told when advice belongs to a row that the record sheet does not have', () => {
    edit('advice/ssh.yaml', /step: 4/, 'step: 9');
    expect(problems()).toContain('preserve[0].step is 9, and record-order of common.yaml has 6 rows');
  });

  it('may be missing: then nothing is known of it', () => {
    rmSync(join(directory, 'volatility.yaml'));
    expect(loadKnowledge(directory).volatility).toBeUndefined();
  });
});
