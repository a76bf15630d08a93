System.Console.WriteLine("qusp");
