export interface MetricResult {
  readonly value: number
  /** 95 % interval, for metrics that are a share of samples. */
  readonly low?: number
  readonly high?: number
}

/** Judges the outputs of a model over a whole data set: arrays in, a number out. */
export interface Metric {
  readonly name: string
  readonly direction: 'higher' | 'lower'
  /** The value is in 0..1, so that a drop is counted in points. */
  readonly bounded: boolean
  /** What `reference` is: one label per sample or position, or the baseline's outputs in the same shape as `outputs`. */
  readonly needs: 'labels' | 'baseline'
  /**
   * @param outputs one output of the model over all samples, first axis = samples; not modified.
   * @param shape of `outputs`.
   * @throws DataError when the shape or the labels do not fit the metric.
   */
  compute(outputs: Float32Array, shape: readonly number[], reference: Float64Array | Float32Array): MetricResult
}
