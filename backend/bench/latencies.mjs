/** Times of answers, and how many requests had none or not 200. */
export class Latencies {
  times = [];
  failed = 0;

  get answers() {
    return this.times.length;
  }

  get p50() {
    return this.quantile(0.5);
  }

  get p99() {
    return this.quantile(0.99);
  }

  /** autocannon's own are whole milliseconds. */
  quantile(share) {
    const sorted = Float64Array.from(this.times).sort();
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  }
}
