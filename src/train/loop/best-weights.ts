import type {HeldOutLoss} from './held-out-loss.js'
import type {Judge} from './judge-weights.js'
import {keepAsBest, type TrainState} from './train-state.js'

/** What held-out samples say of weights. */
export interface Verdict {
  /** Undefined without held-out samples. */
  readonly metric: number | undefined
  /** The training's own loss, where the metric did not decide. */
  readonly heldOutLoss?: number | undefined
}

/**
 * Chooses the weights that a training ends with. The metric decides; where it is the same, as when all labels are those of the teacher
 * already, the training's own loss on the same samples does.
 */
export class BestWeights {
  /** @param heldOut opened when it is needed first; undefined where the loss cannot be taken of the held-out samples. */
  constructor(
    private readonly state: TrainState,
    private readonly judge: Judge | undefined,
    private readonly heldOut: () => Promise<HeldOutLoss | undefined>,
  ) {}

  /** The weights from before the training count. */
  async offerStart(): Promise<void> {
    this.state.progress.bestMetric = await this.judge?.judge()
  }

  /**
   * Judges the weights of now, and keeps them if they are the best.
   *
   * @param isResult whether later weights must be better; otherwise these are only kept until there are any.
   */
  async offer(isResult: boolean): Promise<Verdict> {
    const {progress} = this.state
    const metric = await this.judge?.judge()
    const isTie = isResult && metric !== undefined && metric === progress.bestMetric
    const heldOutLoss = isTie ? await this.#lossOf(this.state.weights) : undefined
    const isBest = isTie ? await this.#hasLowerLoss(heldOutLoss) : !isResult || this.#isBetter(metric)
    if (isBest) {
      progress.bestEpoch = progress.epoch
      progress.bestMetric = isResult ? metric : undefined
      progress.bestLoss = heldOutLoss
      keepAsBest(this.state)
    }
    return {metric, heldOutLoss}
  }

  async #hasLowerLoss(loss: number | undefined): Promise<boolean> {
    const {progress, best} = this.state
    progress.bestLoss ??= await this.#lossOf(best)
    return loss !== undefined && progress.bestLoss !== undefined && loss < progress.bestLoss
  }

  async #lossOf(weights: readonly Float32Array[]): Promise<number | undefined> {
    return (await this.heldOut())?.mean(weights)
  }

  /** Without a metric the latest weights are the best. */
  #isBetter(metric: number | undefined): boolean {
    const {bestMetric} = this.state.progress
    if (!this.judge || metric === undefined) return true
    if (!Number.isFinite(metric)) return false
    if (bestMetric === undefined) return true
    return this.judge.metric.direction === 'higher' ? metric > bestMetric : metric < bestMetric
  }
}
