import "reflect-metadata"

import {
  All,
  type ArgumentsHost,
  BadGatewayException,
  BadRequestException,
  Body,
  Catch,
  Controller,
  type ExceptionFilter,
  Headers,
  HttpCode,
  Inject,
  Injectable,
  Module,
  Post,
  type RawBodyRequest,
  Req,
  Res,
  UnauthorizedException,
} from "@nestjs/common"
import { NestFactory } from "@nestjs/core"
import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"
import { channelAuthHandler, userAuthHandler, webhookHandler } from "pusher-http-wasm/handlers"
import { nodeHandler } from "pusher-http-wasm/node"

import { authenticate, authorize, callbacks, cors } from "./application.js"

@Injectable()
class Channels {
  readonly pusher = Pusher.fromEnv()
}

const channelAuth = nodeHandler(channelAuthHandler(Pusher.fromEnv, authorize, { cors }))
const userAuth = nodeHandler(userAuthHandler(Pusher.fromEnv, authenticate, { cors }))
const webhooks = nodeHandler(webhookHandler(Pusher.fromEnv, callbacks))

/** The endpoints. They write the response themselves, so each takes it by `@Res()`. */
@Controller()
class EndpointsController {
  @All("channel-auth")
  channelAuth(@Req() request: object, @Res() response: object) {
    return channelAuth(request, response)
  }

  @All("user-auth")
  userAuth(@Req() request: object, @Res() response: object) {
    return userAuth(request, response)
  }

  @Post("webhooks")
  webhooks(@Req() request: object, @Res() response: object) {
    return webhooks(request, response)
  }
}

@Controller()
class ChannelsController {
  constructor(@Inject(Channels) private readonly channels: Channels) {}

  @Post("auth")
  @HttpCode(200)
  auth(@Body() { socket_id: socketId, channel_name: channel }: { socket_id: string; channel_name: string }) {
    const member = channel.startsWith("presence-") ? { user_id: "ada", user_info: { name: "Adá" } } : undefined
    return this.channels.pusher.authorizeChannel(socketId, channel, member)
  }

  @Post("trigger")
  @HttpCode(200)
  async trigger(@Body() { channel, event, data }: { channel: string; event: string; data: unknown }) {
    return (await this.channels.pusher.trigger(channel, event, data)).json()
  }

  @Post("webhook")
  @HttpCode(200)
  webhook(@Req() request: RawBodyRequest<object>, @Headers() headers: Record<string, string>) {
    const webhook = this.channels.pusher.webhook({ headers, rawBody: request.rawBody?.toString() ?? "" })
    if (!webhook.isValid()) throw new UnauthorizedException({})
    return webhook.getEvents()
  }
}

/** Answers with what the error's class says. */
@Catch(PusherValidationError, PusherRequestError)
class ChannelsFilter implements ExceptionFilter {
  catch(error: PusherValidationError | PusherRequestError, host: ArgumentsHost) {
    const { code } = error
    const refusal =
      error instanceof PusherValidationError ? new BadRequestException({ code }) : new BadGatewayException({ code })
    const response = host.switchToHttp().getResponse()
    response.status(refusal.getStatus()).json(refusal.getResponse())
  }
}

@Module({ controllers: [EndpointsController, ChannelsController], providers: [Channels] })
class AppModule {}

async function start() {
  // A webhook's signature covers the bytes as they came.
  const app = await NestFactory.create(AppModule, { rawBody: true, logger: ["error"] })
  app.useGlobalFilters(new ChannelsFilter())
  await app.listen(0, "127.0.0.1")
  console.log(`listening on ${app.getHttpServer().address().port}`)
}

start()
