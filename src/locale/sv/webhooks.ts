/** Webhooks, and the addresses that others name, in Swedish. */
export const webhooks = {
  '"{0}" is not a URL.': "”{0}” är ingen webbadress.",
  "The URL must not contain a user name or a password.": "Adressen får inte innehålla användarnamn eller lösenord.",
  "The URL must begin with https://.": "Adressen måste börja med https://.",
  "{0} is an address of this machine or of a private network, which webhooks and sources must not reach.":
    "{0} är en adress på den här maskinen eller i ett privat nät, dit webhookar och källor inte får nå.",
  "This version of Node cannot keep requests from private addresses. Webhooks need Node 22.13 or newer.":
    "Den här versionen av Node kan inte hålla anrop borta från privata adresser. Webhookar kräver Node 22.13 eller senare.",
  "There are {0} webhooks already, which is the limit. Delete one first.":
    "Det finns redan {0} webhookar, vilket är gränsen. Ta bort en först.",
  "There is no webhook {0}, or it is not yours.": "Webhook {0} finns inte, eller är inte din.",
  "There is no such delivery. They are kept for a week, and for a month where they failed.":
    "Den leveransen finns inte. Leveranser sparas i en vecka, och i en månad om de misslyckades.",
  "The webhook is turned off. Turn it on first.": "Webhooken är avstängd. Slå på den först.",
  "It is being delivered right now.": "Den levereras just nu.",
  "This server has no webhooks.": "Den här servern har inga webhookar.",
  "A context belongs to an importer: name the importer as well.":
    "En kontext hör till ett importslag: ange även importslaget.",
  'The context of the importer "{0}" lacks {1}: give all of its values, or none for every context.':
    "Kontexten för importslaget ”{0}” saknar {1}: ange alla dess värden, eller inga för alla kontexter.",
};
