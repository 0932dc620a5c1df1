import {task} from '../../src/runtime/child/task.js'

/** Questions for children that tests start themselves. */
type TimeTask = typeof import('../../src/runtime/time/time-task.js')
export const PREPARE = task<TimeTask['prepare']>('runtime/time/time-task', 'prepare')
export const LOAD = task<TimeTask['load']>('runtime/time/time-task', 'load')
export const TIME_BLOCK = task<TimeTask['timeBlock']>('runtime/time/time-task', 'timeBlock')
