import type {Effects} from '../../effects.js'
import type {EpochReport} from '../../train/loop/train-request.js'
import type {TrainControl} from '../../train/trainer.js'

/** What a person sees of a training: one bar per epoch, with the loss, the last metric, the speed and the time that is left. */
export function trainingProgress(
  {epochs, metric}: {readonly epochs: number; readonly metric: string | undefined},
  {progress}: Effects,
): Pick<TrainControl, 'onStep' | 'onEpoch' | 'onTrial'> {
  let last: EpochReport | undefined
  let first: {done: number; ms: number} | undefined
  return {
    onStep(done, total, loss) {
      first ??= {done, ms: performance.now()}
      const perEpoch = total / epochs
      const epoch = Math.min(epochs, Math.ceil(done / perEpoch))
      const stepMs = (performance.now() - first.ms) / Math.max(1, done - first.done)
      const details = [
        `loss ${loss.toFixed(4)}`,
        ...(last?.metric === undefined ? [] : [`${metric} ${last.metric.toFixed(4)}`]),
        ...(last ? [`${Math.round(last.samplesPerSecond)} samples/s`] : []),
        ...(done > first.done ? [`${timeText(((total - done) * stepMs) / 1000)} left`] : []),
      ]
      progress(`epoch ${epoch}/${epochs}`, done - (epoch - 1) * perEpoch, perEpoch, details.join(', '))
    },
    onTrial(updates) {
      progress('choosing the learning rate', updates, 0)
    },
    onEpoch(report) {
      last = report
    },
  }
}

/** `12 s`, `3 min 20 s`, `2 h 5 min`. */
function timeText(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
