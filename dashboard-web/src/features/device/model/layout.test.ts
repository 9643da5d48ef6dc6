import { expect, it } from 'vitest';
import type { Metric } from '@/lib/api/types';
import { layoutOf } from './layout';

const metric = (name: string, kind: Metric['kind'] = 'number') => ({ name, kind }) as Metric;
const told = (metrics: Metric[]) =>
  layoutOf(metrics).map((placed) => `${placed.metric.name}${placed.wide ? '*' : ''}`);

it('givenMixedKinds_whenPlaced_thenStatesComeLastAndWide', () => {
  const metrics = [metric('a'), metric('mode', 'state'), metric('on', 'boolean'), metric('b')];

  expect(told(metrics)).toEqual(['a*', 'b', 'on', 'mode*']);
});

it.each([
  [['a'], ['a*']],
  [
    ['a', 'b'],
    ['a*', 'b*'],
  ],
  [
    ['a', 'b', 'c'],
    ['a*', 'b', 'c'],
  ],
  [
    ['a', 'b', 'c', 'd'],
    ['a*', 'b', 'c', 'd*'],
  ],
])('givenCharts_%j_whenPlaced_thenNoneIsLeftAlone', (names, expected) => {
  expect(told(names.map((name) => metric(name)))).toEqual(expected);
});
