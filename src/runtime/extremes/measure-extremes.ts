import {ask} from '../child/ask.js'
import type {Listeners, RunControl} from '../child/run-control.js'
import type {Answer} from '../child/start-child.js'
import {task} from '../child/task.js'
import type {ExtremesRequest} from './extremes-task.js'

const EXTREMES = task<typeof import('./extremes-task.js').extremes>('runtime/extremes/extremes-task', 'extremes', {
  leavesNothing: true,
})

/**
 * Runs a model that measures itself over all inputs.
 *
 * @returns the largest that each output was, in the order asked for; never NaN.
 * @throws as `evaluate`.
 */
export async function measureExtremes(
  request: ExtremesRequest,
  control: RunControl & Listeners,
): Promise<Answer<readonly number[]>> {
  return ask(EXTREMES, request, 'measuring ranges', control)
}
