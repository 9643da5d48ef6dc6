import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DataAnswer } from '@/lib/api/types';
import type { StreamListener } from '@/lib/stream/streamHub';
import { DeviceStore } from './deviceStore';

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
  });
  stop = store.start();
}

const samples = (times: number[], values: number[]) =>
  emit('samples', [{ device: 'boiler-1', metric: 't', times, values }]);
const settle = () => vi.advanceTimersByTimeAsync(600);
const timesOf = () => [...store.buffer('t').view().times];

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
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
});
