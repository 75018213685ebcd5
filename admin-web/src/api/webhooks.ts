// Programs that are told what happens.
import { answer, client } from "./client";
import type { Schemas } from "./types";

const one = (id: string) => ({ params: { path: { id } } });

export const webhooks = {
  list: () => answer(() => client.GET("/webhooks")),
  create: (body: Schemas["NewWebhook"]) => answer(() => client.POST("/webhooks", { body })),
  save: (id: string, body: Partial<Schemas["WebhookPatch"]>) =>
    answer(() => client.PATCH("/webhooks/{id}", { ...one(id), body: body as Schemas["WebhookPatch"] })),
  remove: (id: string) => answer(() => client.DELETE("/webhooks/{id}", one(id))),
  renewSecret: (id: string) => answer(() => client.POST("/webhooks/{id}/secret", one(id))),
  ping: (id: string) => answer(() => client.POST("/webhooks/{id}/ping", one(id))),
  deliveries: (id: string, cursor?: string) =>
    answer(() =>
      client.GET("/webhooks/{id}/deliveries", {
        params: { path: { id }, query: { limit: 50, ...(cursor && { cursor }) } },
      }),
    ),
  replay: (id: string, delivery: string) =>
    answer(() => client.POST("/webhooks/{id}/deliveries/{delivery}/replay", { params: { path: { id, delivery } } })),
};
