/** Bounds the calls under way, so that one slow endpoint cannot take all that the process has. */
export class Bulkhead {
  private taken = 0;

  constructor(private readonly places: number) {}

  get inFlight(): number {
    return this.taken;
  }

  /** Take a place, or return false when all are taken. */
  enter(): boolean {
    if (this.taken >= this.places) return false;
    this.taken += 1;
    return true;
  }

  leave(): void {
    this.taken -= 1;
  }
}
