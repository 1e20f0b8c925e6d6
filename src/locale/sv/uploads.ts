/** Uploads and stored files, in Swedish. */
export const uploads = {
  "{0} bytes": "{0} byte",
  "{0} MB": "{0} MB",
  "{0} is larger than {1} MB, the limit for one file. Split it, or compress it with gzip.":
    "{0} är större än de {1} MB som en fil får ha. Dela upp den, eller packa den med gzip.",
  "The request is larger than {0} MB, the limit for one file. Split the file, or compress it with gzip.":
    "Anropet är större än de {0} MB som en fil får ha. Dela upp filen, eller packa den med gzip.",
  "The file is larger than {0}, the limit for all your uploads together. Split it, or compress it with gzip.":
    "Filen är större än de {0} som alla dina uppladdningar får ta tillsammans. Dela upp den, eller packa den med gzip.",
  "{0} has more than the {1} bytes that were announced. Upload it again.":
    "{0} har fler byte än de {1} som uppgavs. Ladda upp den igen.",
  "{0} of your uploads are already waiting to be imported, and at most {1} are kept. Import or delete some of them first. The oldest: {2}.":
    "{0} av dina uppladdade filer väntar redan på att importeras, och högst {1} sparas. Importera eller ta bort några först. De äldsta: {2}.",
  "Your uploads waiting to be imported take up {0}; this file would push them over the limit of {1}. Import or delete some of them first. The oldest: {2}.":
    "Dina filer som väntar på att importeras tar upp {0}; med den här filen skulle de överskrida gränsen {1}. Importera eller ta bort några först. De äldsta: {2}.",

  "There is no upload {0}, or it has expired. Upload the file again.":
    "Uppladdningen {0} finns inte, eller har gått ut. Ladda upp filen igen.",
  "Upload {0} goes through the server. Send it by tus.": "Uppladdningen {0} går via servern. Skicka den med tus.",
  "The object storage takes no uploads straight from browsers now. Send the file to the server, by tus.":
    "Objektlagringen tar just nu inte emot filer direkt från webbläsare. Skicka filen till servern, med tus.",
  "{0} bytes were sent to the object storage, and {1} were announced. Upload the file again.":
    "{0} byte skickades till objektlagringen, men {1} uppgavs. Ladda upp filen igen.",
  "Upload {0} is not complete: {1} of {2} bytes have arrived. Upload the rest first.":
    "Uppladdningen {0} är inte klar: {1} av {2} byte har kommit fram. Ladda upp resten först.",
  "Upload {0} was used for import {1}. Upload the file again for another import.":
    "Uppladdning {0} har använts till import {1}. Ladda upp filen igen för en ny import.",
  "Upload {0} was used for import {1}. Delete the import instead.":
    "Uppladdning {0} har använts till import {1}. Ta bort importen i stället.",
  "Upload {0} was taken over by another request. Ask for its offset again.":
    "Uppladdningen {0} togs över av ett annat anrop. Försök igen, så fortsätter den där den är.",
  "Upload {0} sent no bytes for {1} seconds. Continue from its offset.":
    "Uppladdningen {0} gav inget på {1} sekunder. Försök igen, så fortsätter den där den är.",
  "Another request is writing upload {0}. Ask for its offset again.":
    "Uppladdningen {0} sköts av någon annan. Försök igen, så fortsätter den där den är.",
  "Upload {0} is being written by another request. Try again in a few seconds.":
    "Uppladdningen {0} tas emot av ett annat anrop. Försök igen om några sekunder.",
  "Upload {0} has {1} bytes. Continue from there.": "Uppladdningen {0} har {1} byte. Fortsätt därifrån.",
  "The upload was started in another database, which this one was copied from. Upload the file again.":
    "Uppladdningen påbörjades i en annan databas, som den här är en kopia av. Ladda upp filen igen.",
  "Only {0} of {1} bytes of the upload have arrived. Continue from byte {2}.":
    "Bara {0} av uppladdningens {1} byte har kommit fram. Fortsätt från {2}.",
  "The body of the request arrives too slowly. Send it again, or send the rest.":
    "Anropets innehåll kommer för långsamt. Skicka det igen, eller det som återstår.",
  "The connection was lost before the whole file arrived. Send it again, or send the rest.":
    "Anslutningen bröts innan hela filen hade kommit fram. Skicka den igen, eller resten av den.",
  "The upload has no file name.": "Uppladdningen anger inget filnamn.",
  "The form has several files. Send one with each request.": "Formuläret har flera filer. Skicka en med varje anrop.",
  "The form has no file.": "Formuläret innehåller ingen fil.",

  "Sluice's copy of the file is gone ({0}).": "Serverns kopia av filen är borta ({0}).",
  "The disk that holds {0} is full. The rows are imported; only the report of rejected rows is missing. Free some space, then resume or retry the import: it writes the report and imports nothing twice.":
    "Disken för {0} är full. Raderna är importerade, bara rapporten över avvisade rader saknas. Frigör utrymme och återuppta importen eller kör den igen: den skriver rapporten och importerar inget två gånger.",
  "The disk that holds {0} is full. Free some space, or point SLUICE_DATA_DIR elsewhere, and start again: nothing was imported.":
    "Disken med {0} är full. Inget har importerats: försök igen när en administratör har gjort plats eller angett en annan mapp i SLUICE_DATA_DIR.",
  "This user cannot write to {0}. Point SLUICE_DATA_DIR at a folder that is writable.":
    "Servern kan inte skriva i {0}. En administratör behöver låta SLUICE_DATA_DIR peka på en skrivbar mapp.",
  "{0} cannot be created: a file is in the way. Point SLUICE_DATA_DIR elsewhere.":
    "{0} kan inte skapas: det ligger en fil i vägen. En administratör behöver låta SLUICE_DATA_DIR peka på en annan plats.",
  "The file of import {0} ({1}) is no longer kept: files of finished imports are deleted after a while, those of cancelled imports at once.":
    "Filen till import {0} ({1}) finns inte kvar: filer till klara importer tas bort efter ett tag, till avbrutna genast. Ladda upp den igen.",
  "The file was deleted a moment ago.": "Filen togs bort alldeles nyss. Ladda upp den igen.",
};
