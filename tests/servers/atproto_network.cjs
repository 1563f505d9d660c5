// An AT Protocol network on loopback: directory (PLC), accounts' server (PDS) and AppView. Needs PostgreSQL and Redis.
// Ports come in as PLC_PORT, PDS_PORT, APPVIEW_PORT, OZONE_PORT; CONTROL_PORT answers once everything said is indexed.
const { createServer } = require('http')
const { TestNetwork, mockMailer } = require('@atproto/dev-env')

const port = (name) => Number(process.env[`${name}_PORT`])

;(async () => {
  const network = await TestNetwork.create({
    dbPostgresSchema: 'feedhub',
    plc: { port: port('PLC') },
    pds: { port: port('PDS'), hostname: 'localhost', enableDidDocWithSession: true },
    bsky: { dbPostgresSchema: 'appview', port: port('APPVIEW'), publicUrl: `http://localhost:${port('APPVIEW')}` },
    ozone: { port: port('OZONE') },
  })
  mockMailer(network.pds)
  const control = createServer(async (_, answer) => {
    try {
      await network.processAll()
      answer.end('indexed')
    } catch (error) {
      answer.statusCode = 503
      answer.end(String(error))
    }
  })
  control.listen(port('CONTROL'), '127.0.0.1')
  process.on('SIGTERM', async () => {
    await network.close()
    process.exit(0)
  })
})()
