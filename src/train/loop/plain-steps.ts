import type {EncodedModels} from '../../runtime/session/encode-models.js'
import {StepSession} from '../../runtime/session/step-session.js'
import {chooseStep} from '../layout/step-layouts.js'
import type {BatchReader} from './batch-reader.js'
import {GradientBuffers} from './gradient-buffers.js'
import {portArrays} from './port-arrays.js'
import {RunningStatistics} from './running-statistics.js'
import type {StepRunner} from './step-runner.js'
import type {TrainRequest} from './train-request.js'
import type {TrainState} from './train-state.js'

interface Parts {
  readonly session: StepSession
  /** One element, written by every run. */
  readonly loss: Float32Array
  readonly running: RunningStatistics
  readonly buffers: GradientBuffers
}

/** One run of the step per batch; the update follows outside of the graph. */
export class PlainSteps implements StepRunner {
  private constructor(
    private readonly request: TrainRequest,
    private readonly state: TrainState,
    private readonly parts: Parts,
  ) {}

  /** @param models the forms of the step, as `stepLayouts` gives them, encoded. */
  static async open(request: TrainRequest, models: EncodedModels, state: TrainState): Promise<PlainSteps> {
    const {settings, name, parameters, statistics} = request
    const loss = new Float32Array(1)
    const running = new RunningStatistics(request)
    const bound = portArrays(parameters, 'name', state.weights)
    const outputs = {
      ...portArrays(parameters, 'gradient', state.optimizer.gradients),
      ...portArrays(statistics, 'batch', running.batch),
      [request.loss]: {dtype: 'float32' as const, shape: [], data: loss},
    }
    const session = await StepSession.open(await chooseStep(models, settings), settings, {bound, outputs}, name)
    return new PlainSteps(request, state, {
      session,
      loss,
      running,
      buffers: new GradientBuffers(request, state),
    })
  }

  async advance(reader: BatchReader): Promise<readonly number[]> {
    const {session, loss, running, buffers} = this.parts
    const batches = this.request.update.accumulate ?? 1
    let sum = 0
    for (let batch = 0; batch < batches; batch++) {
      await session.run(await reader.next())
      sum += loss[0] as number
      buffers.collect()
      running.follow(this.state)
    }
    if (Number.isFinite(sum)) buffers.apply()
    return [sum / batches]
  }
}
