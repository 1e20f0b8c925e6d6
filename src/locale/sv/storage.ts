/** The object storage of files, and requests that were cut off on their way, in Swedish. */
export const storage = {
  "The form ends before its last boundary: it was cut off on its way, or its Content-Type names another boundary. Proxies and platforms limit bodies (nginx 1 MB, Vercel and Netlify 4.5 MB, Next.js's proxy.ts 10 MB): raise the limit, or keep the proxy away from Sluice's paths, or upload the file in pieces.":
    "Formuläret slutar före sin sista gräns: det klipptes av på vägen, eller så anger dess Content-Type en annan gräns. Proxyer och plattformar begränsar hur stora anrop får vara (nginx 1 MB, Vercel och Netlify 4,5 MB, Next.js proxy.ts 10 MB): höj gränsen, låt Sluices sökvägar gå förbi proxyn, eller ladda upp filen i delar.",
  "Only {0} of the {1} bytes of the request arrived: something before the server has cut it off. Proxies and platforms limit bodies (nginx 1 MB, Vercel and Netlify 4.5 MB, Next.js's proxy.ts 10 MB): raise the limit, or keep the proxy away from Sluice's paths, or upload the file in pieces.":
    "Bara {0} av anropets {1} byte kom fram: något framför servern klippte av det. Proxyer och plattformar begränsar hur stora anrop får vara (nginx 1 MB, Vercel och Netlify 4,5 MB, Next.js proxy.ts 10 MB): höj gränsen, låt Sluices sökvägar gå förbi proxyn, eller ladda upp filen i delar.",
  "Sluice's copy of the file is in an object storage ({0}), and this process is set up for a folder. Set SLUICE_FILES to the object storage, as it was when the file came.":
    "Kopian av filen ligger i en objektlagring ({0}), men den här servern använder en mapp. En administratör behöver ange objektlagringen i SLUICE_FILES, som när filen kom in.",
  "The object storage no longer has the beginning of the upload.":
    "Objektlagringen har inte kvar början av uppladdningen.",
  "The object storage has lost a part of the file. Send it again.":
    "Objektlagringen har tappat en del av filen. Skicka den igen.",
  "The upload was finished with other bytes than those that came now. Upload the file again.":
    "Uppladdningen avslutades med ett annat innehåll än det som kom nu. Ladda upp filen igen.",
  "The upload is not stored as far as byte {0}. Ask for its offset again.":
    "Uppladdningen är inte sparad till och med byte {0}. Försök igen, så fortsätter den där den är.",
  "There are no keys for the object storage {0}. Set SLUICE_S3_ACCESS_KEY_ID and SLUICE_S3_SECRET_ACCESS_KEY, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.":
    "Det saknas nycklar till objektlagringen {0}. En administratör behöver ange SLUICE_S3_ACCESS_KEY_ID och SLUICE_S3_SECRET_ACCESS_KEY, eller AWS_ACCESS_KEY_ID och AWS_SECRET_ACCESS_KEY.",
  "The object storage has no bucket for {0}. Create it, or correct SLUICE_FILES and SLUICE_S3_ENDPOINT.":
    "Objektlagringen har ingen bucket för {0}. En administratör behöver skapa den, eller rätta SLUICE_FILES och SLUICE_S3_ENDPOINT.",
  "The object storage {0} is in another region than was asked for ({1}). Correct SLUICE_S3_REGION.":
    "Objektlagringen {0} finns i en annan region ({1}). En administratör behöver rätta SLUICE_S3_REGION.",
  "The clock of this machine is wrong: the object storage {0} refuses what it signs. Set the clock, then try again.":
    "Serverns klocka går fel: objektlagringen {0} godtar inte dess signaturer. Ställ klockan och försök igen.",
  "The object storage {0} refuses access ({1}). Check its keys; they must be allowed to read, write, list and delete there.":
    "Objektlagringen {0} nekar åtkomst ({1}). En administratör behöver kontrollera nycklarna: de måste få läsa, skriva, lista och ta bort.",
  "The object storage {0} does not take a file of this size ({1}). Raise the limit there, or split the file.":
    "Objektlagringen {0} tar inte emot en så stor fil ({1}). Höj gränsen där, eller dela upp filen.",
  "The object storage {0} is full ({1}). Free some space there, then start again: nothing is lost.":
    "Objektlagringen {0} är full ({1}). Frigör utrymme där och börja om: inget har gått förlorat.",
  "The object storage {0} does not answer as it should ({1}). Nothing is lost: try again when it does.":
    "Objektlagringen {0} svarar inte som den ska ({1}). Inget har gått förlorat: försök igen när den gör det.",
  "The object storage {0} refused a request ({1}). Nothing is lost: see what it objects to, then try again.":
    "Objektlagringen {0} avvisade ett anrop ({1}). Inget har gått förlorat: åtgärda orsaken och försök igen.",
};
