import { describe, expect, it } from 'vitest';
import { SeriesBuffer } from './seriesBuffer';

const timesOf = (buffer: SeriesBuffer) => [...buffer.view().times];
const valuesOf = (buffer: SeriesBuffer) => [...buffer.view().values];

describe('SeriesBuffer', () => {
  it('givenHistory_whenLiveSampleHasTheSameTime_thenItReplacesRatherThanDoubles', () => {
    const buffer = new SeriesBuffer(8);
    buffer.load({ times: [1, 2, 3], values: [10, 20, 30] });

    buffer.add(3, 31);
    buffer.add(4, 40);

    expect(timesOf(buffer)).toEqual([1, 2, 3, 4]);
    expect(valuesOf(buffer)).toEqual([10, 20, 31, 40]);
  });

  it('givenLateSample_whenAdded_thenItGoesToItsPlace', () => {
    const buffer = new SeriesBuffer(8);
    for (const time of [10, 20, 40, 30, 5]) buffer.add(time, time);

    expect(timesOf(buffer)).toEqual([5, 10, 20, 30, 40]);
    expect(valuesOf(buffer)).toEqual([5, 10, 20, 30, 40]);
  });

  it('givenFullRing_whenMoreArrive_thenTheNewestRemainInOrder', () => {
    const buffer = new SeriesBuffer(4);
    for (let time = 1; time <= 23; time++) buffer.add(time, time * 2);

    expect(timesOf(buffer)).toEqual([20, 21, 22, 23]);
    expect(valuesOf(buffer)).toEqual([40, 42, 44, 46]);
  });

  it('givenFullRing_whenLateSampleArrives_thenOnlyOneOlderThanAllIsRefused', () => {
    const buffer = new SeriesBuffer(3);
    for (const time of [10, 20, 30]) buffer.add(time, time);

    buffer.add(5, 5);
    expect(timesOf(buffer)).toEqual([10, 20, 30]);

    buffer.add(25, 25);
    expect(timesOf(buffer)).toEqual([20, 25, 30]);
  });

  it('givenMissingValues_whenLoaded_thenTheyAreNoSamples', () => {
    const buffer = new SeriesBuffer(8);
    buffer.load({ times: [1, 2, 3], values: [1, null, 3], low: [0, null, 2], high: [2, null, 4] });

    expect(timesOf(buffer)).toEqual([1, 3]);
    expect([...buffer.view().low]).toEqual([0, 2]);
    expect([...buffer.view().high]).toEqual([2, 4]);
  });

  it('givenNotFiniteNumbers_whenAdded_thenTheyAreLeftOut', () => {
    const buffer = new SeriesBuffer(4);
    buffer.add(1, Number.NaN);
    buffer.add(Number.POSITIVE_INFINITY, 1);

    expect(buffer.length).toBe(0);
    expect(buffer.lastTime).toBeNull();
  });

  it('givenWindow_whenTrimmed_thenTheSampleBeforeItStaysToEnterFrom', () => {
    const buffer = new SeriesBuffer(8);
    for (const time of [1, 2, 3, 4]) buffer.add(time, time);

    buffer.trimBefore(3);

    expect(timesOf(buffer)).toEqual([2, 3, 4]);
  });

  it('givenRandomOrder_whenAdded_thenEveryTimeIsThereOnce', () => {
    const buffer = new SeriesBuffer(64);
    let seed = 7;
    const next = () => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % 50;
    };
    const all = Array.from({ length: 400 }, next);
    for (const time of all) buffer.add(time, time);

    expect(timesOf(buffer)).toEqual([...new Set(all)].sort((a, b) => a - b));
  });

  it('givenRandomRanges_whenReplaced_thenItIsWhatAListWouldHold', () => {
    let state = 7;
    const random = (below: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    for (let round = 0; round < 200; round++) {
      const buffer = new SeriesBuffer(1_000);
      const list = new Map<number, number>();
      for (let i = random(60); i > 0; i--) {
        const time = random(100);
        buffer.add(time, i);
        list.set(time, i);
      }
      const from = random(100);
      const to = from + random(40);
      const fresh = [...new Set(Array.from({ length: random(20) }, () => random(110)))].sort((a, b) => a - b);
      buffer.replaceRange(from, to, { times: fresh, values: fresh.map((time) => time * 1000) });

      for (const time of list.keys()) if (time >= from && time < to) list.delete(time);
      for (const time of fresh) if (time >= from && time < to) list.set(time, time * 1000);
      const expected = [...list.entries()].sort(([a], [b]) => a - b);
      expect(timesOf(buffer)).toEqual(expected.map(([time]) => time));
      expect(valuesOf(buffer)).toEqual(expected.map(([, value]) => value));
    }
  });
});
