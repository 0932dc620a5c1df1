import {readFileSync} from 'node:fs'

/**
 * The most memory this process has had at once, in bytes. On Linux from /proc: what getrusage reports there includes the memory of
 * the parent at the moment of the fork (measured: 576 MB in a child that never used more than 44).
 */
export function peakRssBytes(): number {
  return (highWaterMarkKb() ?? process.resourceUsage().maxRSS) * 1024
}

function highWaterMarkKb(): number | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
    return found?.[1] ? Number(found[1]) : undefined
  } catch {
    return undefined
  }
}
