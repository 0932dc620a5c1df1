import {openModel} from '../../io/open-model.js'
import type {SessionSettings} from './session-settings.js'

/** Weights of fewer bytes may be in memory twice. */
const BIG_BYTES = 512e6

/**
 * Settings under which the runtime makes no copy of the weights that its products could read faster: a big model then takes the pages
 * of its file and little more, 0.24 GB instead of 1.1 for a decoder of 1.1 GB. Float products give the same, up to rounding.
 * Those of smaller models are as they were.
 */
export async function withoutCopies(path: string, settings: SessionSettings): Promise<SessionSettings> {
  // what is in the runtime's own format is not read here
  const file = await openModel(path).catch(() => undefined)
  file?.close()
  if (!file || file.sizeBytes < BIG_BYTES) return settings
  return {...settings, extra: {...settings.extra, 'session.disable_prepacking': '1'}}
}
