import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DataAnswer } from '@/lib/api/types';
import type { StreamListener } from '@/lib/stream/streamHub';
import { DeviceStore } from './deviceStore';
import type { Refetch } from './storedChanges';

const answerOf = (times: number[], values: number[], resolution = 'raw'): DataAnswer => ({
  device: 'boiler-1',
  from: null,
  to: null,
  resolution,
  method: 'raw',
  dataThrough: null,
  truncated: false,
  series: [
    { metric: 't', unit: null, kind: 'number', times, values, avg: null, min: null, max: null, texts: null },
  ],
});

let emit: StreamListener;
let answers: { resolve: (answer: DataAnswer) => void; reject: (error: unknown) => void }[];
let parts: {
  asked: Refetch;
  resolution: string;
  resolve: (answer: DataAnswer) => void;
  reject: (error: unknown) => void;
}[];
let storedChanges: number;
let store: DeviceStore;
let stop: () => void;

function start(appendLive = true): void {
  store = new DeviceStore('boiler-1', {
    appendLive,
    subscribe: (listener) => {
      emit = listener;
      return () => undefined;
    },
    fetchHistory: () => new Promise((resolve, reject) => void answers.push({ resolve, reject })),
    fetchPart: (asked, resolution) =>
      new Promise((resolve, reject) => void parts.push({ asked, resolution, resolve, reject })),
    shown: () => ({ metrics: ['t', 'u'], fromMs: 0, toMs: 1_000_000 }),
    onStoredChange: () => {
      storedChanges++;
    },
  });
  stop = store.start();
}

const samples = (times: number[], values: number[]) =>
  emit('samples', [{ device: 'boiler-1', metric: 't', times, values }]);
const changed = (metric: string, fromMs: number, toMs: number, device = 'boiler-1') =>
  emit('changed', [
    {
      device,
      metric,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      windowsTold: true,
    },
  ]);
const settle = () => vi.advanceTimersByTimeAsync(600);
const timesOf = () => [...store.buffer('t').view().times];

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  parts = [];
  storedChanges = 0;
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe('DeviceStore', () => {
  it('givenSamplesDuringTheFetch_whenHistoryArrives_thenNothingIsMissingAndNothingDouble', async () => {
    start();
    emit('hello', {});
    samples([3, 4], [33, 44]);
    answers[0]?.resolve(answerOf([1, 2, 3], [1, 2, 3]));
    await settle();
    samples([5], [55]);

    expect(timesOf()).toEqual([1, 2, 3, 4, 5]);
    expect([...store.buffer('t').view().values]).toEqual([1, 2, 33, 44, 55]);
    expect(store.snapshot().phase).toBe('ready');
  });

  it('givenNoHello_whenItTakesTooLong_thenHistoryIsFetchedAllTheSame', async () => {
    start();
    expect(answers).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1500);

    expect(answers).toHaveLength(1);
  });

  it('givenReconnect_whenHelloComesAgain_thenTheGapIsFetched', async () => {
    start();
    emit('hello', {});
    answers[0]?.resolve(answerOf([1, 2], [1, 2]));
    await settle();

    emit('hello', {});
    samples([9], [9]);
    answers[1]?.resolve(answerOf([1, 2, 5, 7], [1, 2, 5, 7]));
    await settle();

    expect(timesOf()).toEqual([1, 2, 5, 7, 9]);
  });

  it('givenOtherDevice_whenItsSamplesArrive_thenTheyAreNotMixedIn', async () => {
    start();
    emit('hello', {});
    answers[0]?.resolve(answerOf([1], [1]));
    await settle();
    emit('samples', [{ device: 'boiler-2', metric: 't', times: [2], values: [99] }]);

    expect(timesOf()).toEqual([1]);
  });

  it('givenFixedWindow_whenSamplesArrive_thenOnlyTheFigureFollows', async () => {
    start(false);
    emit('hello', {});
    answers[0]?.resolve(answerOf([1], [1]));
    await settle();
    samples([50], [5]);
    await settle();

    expect(timesOf()).toEqual([1]);
    expect(store.snapshot().newest.get('t')).toMatchObject({ timeMs: 50, value: 5 });
  });

  it('givenOlderAnswer_whenOffered_thenTheNewerValueStays', async () => {
    start();
    emit('hello', {});
    answers[0]?.resolve(answerOf([100], [1]));
    await settle();
    store.offerLatest([
      {
        metric: 't',
        unit: null,
        kind: 'number',
        value: 7,
        text: null,
        time: new Date(40).toISOString(),
        receivedAt: null,
        storedAt: null,
      },
    ]);

    expect(store.snapshot().newest.get('t')?.value).toBe(1);
  });

  it('givenBuckets_whenLoaded_thenAnAverageIsNotTakenForTheNewestValue', async () => {
    start();
    emit('hello', {});
    answers[0]?.resolve(answerOf([100], [1], '1m'));
    await settle();

    expect(store.snapshot().newest.has('t')).toBe(false);
  });

  it('givenFailure_whenNothingIsShown_thenItIsTold_andOldDataStaysOtherwise', async () => {
    start();
    emit('hello', {});
    answers[0]?.reject(new Error('down'));
    await settle();
    expect(store.snapshot().phase).toBe('failed');

    void store.reload();
    answers[1]?.resolve(answerOf([1], [1]));
    await settle();
    void store.reload();
    answers[2]?.reject(new Error('down again'));
    await settle();

    expect(store.snapshot()).toMatchObject({ phase: 'ready', error: new Error('down again') });
    expect(timesOf()).toEqual([1]);
  });

  it('givenPause_whenSamplesArrive_thenTheyAreCounted', async () => {
    start();
    emit('hello', {});
    answers[0]?.resolve(answerOf([1], [1]));
    await settle();
    store.setPaused(true);
    samples([2], [2]);
    samples([3], [3]);
    await settle();

    expect(store.snapshot().unseen).toBe(2);
    store.setPaused(false);
    expect(store.snapshot().unseen).toBe(0);
  });

  it('givenChangeInTheStore_whenTold_thenItsRangeIsFetchedAndTheRestStays', async () => {
    start();
    emit('hello', {});
    answers[0]?.resolve(answerOf([100, 200, 300, 400], [1, 2, 3, 4]));
    await settle();
    changed('t', 200, 250);
    changed('t', 240, 300);
    await settle();

    expect(answers).toHaveLength(1);
    expect(parts.map((part) => [part.asked, part.resolution])).toEqual([
      [{ metrics: ['t'], fromMs: 200, toMs: 301 }, 'raw'],
    ]);
    samples([310], [31]);
    parts[0]?.resolve(answerOf([210, 300], [21, 30]));
    await settle();

    expect(timesOf()).toEqual([100, 210, 300, 310, 400]);
    expect([...store.buffer('t').view().values]).toEqual([1, 21, 30, 31, 4]);
    expect(storedChanges).toBe(1);
  });

  it('givenSampleThatIsNotStoredYet_whenItsRangeIsFetched_thenItStays', async () => {
    start();
    emit('hello', {});
    answers[0]?.resolve(answerOf([100], [1]));
    await settle();
    samples([200], [2]);
    changed('t', 0, 500);
    await settle();
    samples([210], [21]);
    parts[0]?.resolve({ ...answerOf([100], [9]), dataThrough: new Date(150).toISOString() });
    await settle();

    expect([...store.buffer('t').view().values]).toEqual([9, 2, 21]);
  });

  it('givenBuckets_whenARangeChanges_thenWholeBucketsAreFetchedAndMetricsShareARequest', async () => {
    start(false);
    emit('hello', {});
    answers[0]?.resolve(answerOf([0, 60_000, 120_000], [1, 2, 3], '1m'));
    await settle();
    changed('t', 61_000, 62_000);
    changed('u', 70_000, 80_000);
    changed('other', 70_000, 80_000);
    changed('t', 61_000, 62_000, 'boiler-2');
    await settle();

    expect(parts.map((part) => [part.asked, part.resolution])).toEqual([
      [{ metrics: ['t', 'u'], fromMs: 60_000, toMs: 120_000 }, '1m'],
    ]);
    parts[0]?.resolve(answerOf([60_000], [22], '1m'));
    await settle();
    expect([...store.buffer('t').view().values]).toEqual([1, 22, 3]);
    expect(store.buffer('u').length).toBe(0);
  });

  it('givenChangeOutsideTheWindow_whenTold_thenNothingIsFetched', async () => {
    start();
    emit('hello', {});
    answers[0]?.resolve(answerOf([100], [1]));
    await settle();
    changed('t', 2_000_000, 3_000_000);
    await settle();

    expect(parts).toHaveLength(0);
    expect(answers).toHaveLength(1);
  });

  it('givenAnswerThatDoesNotFit_whenAPartComes_thenTheWholeIsFetched', async () => {
    start();
    emit('hello', {});
    answers[0]?.resolve(answerOf([100], [1]));
    await settle();
    changed('t', 50, 150);
    await settle();
    parts[0]?.resolve(answerOf([100], [7], '10s'));
    await settle();

    expect(answers).toHaveLength(2);
  });

  it('givenNewestValueThatWasDeleted_whenTheLatestIsKnown_thenItGoesBack', async () => {
    start();
    emit('hello', {});
    answers[0]?.resolve(answerOf([100, 200], [1, 2]));
    await settle();
    changed('t', 150, 250);
    await settle();
    const latest = (timeMs: number, value: number) =>
      store.offerLatest([
        {
          metric: 't',
          unit: null,
          kind: 'number',
          value,
          text: null,
          time: new Date(timeMs).toISOString(),
          receivedAt: null,
          storedAt: null,
        },
      ]);
    latest(100, 1);
    expect(store.snapshot().newest.get('t')?.value ?? null).not.toBe(null);
    await settle();
    expect(store.snapshot().newest.get('t')).toMatchObject({ timeMs: 100, value: 1 });
    latest(50, 5);
    await settle();
    expect(store.snapshot().newest.get('t')).toMatchObject({ timeMs: 100, value: 1 });
  });
});
