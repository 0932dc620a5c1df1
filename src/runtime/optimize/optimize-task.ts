import {createSession, releaseSession} from '../session/session.js'
import type {SessionSettings} from '../session/session-settings.js'

export interface OptimizeRequest {
  readonly path: string
  readonly outPath: string
  readonly settings: SessionSettings
}

/** Loads the model and lets ONNX Runtime save the graph it will really run. */
export async function optimize({path, outPath, settings}: OptimizeRequest): Promise<undefined> {
  const session = await createSession(path, settings, {optimizedModelFilePath: outPath})
  await releaseSession(session)
  return undefined
}
