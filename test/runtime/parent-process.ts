import {startChild} from '../../src/runtime/child/start-child.js'
import {PREPARE} from './time-tasks.js'

/** A parent that starts a child, prints its process id, and exits without closing it when its stdin ends. */
const child = startChild('waiting')
await child.request(PREPARE, undefined)
process.stdout.write(`${child.pid}\n`)
process.stdin.resume().on('end', () => process.exit(0))
