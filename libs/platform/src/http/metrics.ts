import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Injectable } from '@nestjs/common';

/** Counts and times for Prometheus. No label names a home or a meter: there would be too many, and they are nobody's business. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly counters = new Map<string, Counter>();
  private readonly gauges = new Map<string, Gauge>();
  private readonly histograms = new Map<string, Histogram>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  count(name: string, help: string, labels: Record<string, string> = {}, by = 1): void {
    let counter = this.counters.get(name);
    if (!counter) {
      counter = new Counter({ name, help, labelNames: Object.keys(labels), registers: [this.registry] });
      this.counters.set(name, counter);
    }
    counter.inc(labels, by);
  }

  gauge(name: string, help: string, value: number, labels: Record<string, string> = {}): void {
    let gauge = this.gauges.get(name);
    if (!gauge) {
      gauge = new Gauge({ name, help, labelNames: Object.keys(labels), registers: [this.registry] });
      this.gauges.set(name, gauge);
    }
    gauge.set(labels, value);
  }

  /** Times the work, also when it fails. */
  async time<T>(name: string, help: string, labels: Record<string, string>, work: () => Promise<T>): Promise<T> {
    let histogram = this.histograms.get(name);
    if (!histogram) {
      const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120];
      histogram = new Histogram({ name, help, labelNames: Object.keys(labels), buckets, registers: [this.registry] });
      this.histograms.set(name, histogram);
    }
    const done = histogram.startTimer(labels);
    try {
      return await work();
    } finally {
      done();
    }
  }
}
