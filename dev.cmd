@echo off
rem Runs, tests and formats this repository; 'dev' alone prints help. This script finds a JDK, builds the launcher when
rem its sources changed, and hands over to it.
setlocal
set "ROOT=%~dp0"
set "ROOT=%ROOT:~0,-1%"

set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
"%JAVA%" -version >nul 2>&1
if errorlevel 1 (
  echo No JDK found. Install JDK 17 or newer and set JAVA_HOME to its folder. 1>&2
  exit /b 1
)
for /f "tokens=2 delims==" %%v in ('""%JAVA%" -XshowSettings:properties -version 2>&1 | findstr /c:"java.specification.version ="') do set "VERSION=%%v"
if "%VERSION:~1,2%"=="1." set "VERSION= 8"
if %VERSION% LSS 17 (
  echo JDK 17 or newer is needed, but this one is version%VERSION%. Set JAVA_HOME to the folder of a newer one. 1>&2
  exit /b 1
)

rem Not in target\run, where the launcher builds while it runs. Maven itself tells what changed: it costs a few seconds, but Windows has no simple 'newer than'.
set "MAVEN=%ROOT%\mvnw.cmd"
where mvn >nul 2>&1 && set "MAVEN=mvn"
call "%MAVEN%" -q -B -f "%ROOT%\pom.xml" -Prun -Drun.folder=target/dev -pl config-centre/protocol,launcher package 1>&2
if errorlevel 1 (
  echo The launcher cannot be built: Maven's message is above. 1>&2
  if "%~1"=="up" exit /b 1
  if not exist "%ROOT%\launcher\target\dev\launcher.jar" exit /b 1
  echo The one built before goes on. 1>&2
)

"%JAVA%" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xms8m -Xmn4m -Xmx64m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -Xss512k -Ddev.root="%ROOT%" -jar "%ROOT%\launcher\target\dev\launcher.jar" %*
exit /b %ERRORLEVEL%
