import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin, PreviewServer } from 'vite'
import { createSparkService, type SparkService } from './spark-service.ts'

/** Puts Spark's key-value service, in memory, at `/_spark/kv` of a Vite server, for development or preview. */
export function sparkKVServer(): Plugin {
  const service = createSparkService()
  const serve = ({ middlewares }: Pick<PreviewServer, 'middlewares'>): void => {
    middlewares.use('/_spark', (request, response) => void answer(service, request, response))
  }
  return { name: 'spark-kv-server', configureServer: serve, configurePreviewServer: serve }
}

async function answer(service: SparkService, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/' } = request
  const result = service({ method, path: url, body: await readBody(request) })
  if (!result) return
  response.writeHead(result.status, { 'content-type': 'text/plain; charset=utf-8' }).end(result.body)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
